internal import Bytes
public import JSONText
public import Trail

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

extension ArchivedEvent {
  /// For a report, of events whose vendor keeps things at these pointers.
  public convenience init(reported dialect: [Role: [JSONPointer]]) throws(PointerError) {
    var others: [JSONPointer] = []
    for place in ReportedPlace.allCases { others.append(try JSONPointer(place.pointer)) }
    try self.init(dialect, others: others)
  }

  func text(_ place: ReportedPlace) -> ByteView? { other(place.rawValue) }

  func raw(_ place: ReportedPlace) -> ByteView? { rawOther(place.rawValue) }
}
