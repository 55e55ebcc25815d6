package import Bytes
package import JSONText
package import Search
package import Trail

/// What a report asks of an event beyond what it is searched by.
enum ReportedPlace: Int, CaseIterable {
  case keyType, keyOwner, keyScopes, flags, signals

  /// Where events have it to which `added` was added; nil if they cannot have it.
  func pointer(_ added: AddedMembers) -> JSONPointer? {
    let key = added.pointer(to: .apiKey)
    return switch self {
    case .keyType: key?.appending("type")
    case .keyOwner: key?.appending("owner")
    case .keyScopes: key?.appending("scopes")
    case .flags: added.flags
    case .signals: added.pointer(to: .signals)
    }
  }
}

/// Reads archived events for a report on the answers to a question.
package struct ReportedEvent {
  let event: ArchivedEvent
  /// The question's places come before the report's.
  private let firstPlace: Int

  /// Of events whose vendor keeps things at these pointers, and writes times by these rules, and to which
  /// `added` was added.
  package init(
    _ dialect: [Role: [JSONPointer]], times: TimeRules = TimeRules(), _ added: AddedMembers,
    _ query: SearchQuery
  ) {
    var others: [JSONPointer?] = query.pointers
    firstPlace = others.count
    others += ReportedPlace.allCases.map { $0.pointer(added) }
    event = ArchivedEvent(dialect, times: times, added, others: others)
  }

  func text(_ place: ReportedPlace) -> ByteView? { event.other(firstPlace + place.rawValue) }

  func raw(_ place: ReportedPlace) -> ByteView? { event.rawOther(firstPlace + place.rawValue) }
}
