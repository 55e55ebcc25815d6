internal import Bytes
package import JSONText
package import Search
package import Trail

/// What a report asks of an event beyond what it is searched by.
enum ReportedPlace: Int, CaseIterable {
  case keyType, keyOwner, keyScopes, flags, signals

  var pointer: String {
    switch self {
    case .keyType: "/attribution/api_key/type"
    case .keyOwner: "/attribution/api_key/owner"
    case .keyScopes: "/attribution/api_key/scopes"
    case .flags: "/attribution/flags"
    case .signals: "/signals"
    }
  }
}

/// Reads archived events for a report on the answers to a question.
package struct ReportedEvent {
  let event: ArchivedEvent
  /// The question's places come before the report's.
  private let firstPlace: Int

  /// Of events whose vendor keeps things at these pointers.
  package init(_ dialect: [Role: [JSONPointer]], _ query: SearchQuery) throws(PointerError) {
    var others = query.pointers
    firstPlace = others.count
    for place in ReportedPlace.allCases { others.append(try JSONPointer(place.pointer)) }
    event = try ArchivedEvent(dialect, others: others)
  }

  func text(_ place: ReportedPlace) -> ByteView? { event.other(firstPlace + place.rawValue) }

  func raw(_ place: ReportedPlace) -> ByteView? { event.rawOther(firstPlace + place.rawValue) }
}
