/// What a place in an event is for.
public enum Role: String, CaseIterable, Sendable {
  /// Whose event it is; one level of most layouts.
  case account
  /// Where, for layouts that have regions.
  case region
  /// What was done.
  case action
  /// The original actor, `source::id`, `source::id::name` or a bare name.
  case actor
  /// The API key used, where it is not the actor.
  case key
  /// When.
  case time
  /// The address it came from.
  case address
  /// The id of the OIDC token used (`jti`).
  case token
  /// An object of claims in the event itself.
  case claims
  /// What it was done to.
  case resource
  /// For whom the actor did it, as the event says.
  case onBehalfOf = "on_behalf_of"
  /// The id of the run of a workflow or a pipeline that did it.
  case run
}

extension Role {
  /// True for what manifests note, so that archived events are read by it as they were. A run only says who
  /// is behind an event that is about to be archived.
  public var isNoted: Bool { self != .run }

  /// Its place among all.
  var ordinal: Int {
    switch self {
    case .account: 0
    case .region: 1
    case .action: 2
    case .actor: 3
    case .key: 4
    case .time: 5
    case .address: 6
    case .token: 7
    case .claims: 8
    case .resource: 9
    case .onBehalfOf: 10
    case .run: 11
    }
  }
}
