package import Bytes
package import JSONText
package import Search
package import Trail

/// What a report asks of an event beyond what it is searched by.
enum ReportedPlace: Int, CaseIterable {
  case keyType, keyOwner, keyScopes, flags, signals

  var pointer: JSONPointer {
    switch self {
    case .keyType: ReportedPlace.key.appending("type")
    case .keyOwner: ReportedPlace.key.appending("owner")
    case .keyScopes: ReportedPlace.key.appending("scopes")
    case .flags: AddedMember.flags
    case .signals: AddedMember.pointer(to: .signals)
    }
  }

  private static let key = AddedMember.pointer(to: .apiKey)
}

/// Reads archived events for a report on the answers to a question.
package struct ReportedEvent {
  let event: ArchivedEvent
  /// The question's places come before the report's.
  private let firstPlace: Int

  /// Of events whose vendor keeps things at these pointers, and writes times by these rules.
  package init(
    _ dialect: [Role: [JSONPointer]], times: TimeRules = TimeRules(), _ query: SearchQuery
  ) {
    var others = query.pointers
    firstPlace = others.count
    others += ReportedPlace.allCases.map(\.pointer)
    event = ArchivedEvent(dialect, times: times, others: others)
  }

  func text(_ place: ReportedPlace) -> ByteView? { event.other(firstPlace + place.rawValue) }

  func raw(_ place: ReportedPlace) -> ByteView? { event.rawOther(firstPlace + place.rawValue) }
}
