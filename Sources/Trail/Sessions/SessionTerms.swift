public import Bytes
package import Settings

/// What is known of the exchanges of tokens for sessions, as a file of rules says it in `sessions`.
///
/// Without `isComplete` and `isOnce` a token may always have been exchanged once more, from anywhere, and no
/// event told of it.
public struct SessionTerms: Equatable, Sendable {
  /// The times of exchanges for which the claim store holds every token that can have been exchanged then.
  public var covers = TimeWindow()
  /// True if within `covers` the trail holds every exchange.
  public var isComplete = false
  /// True if a token is exchanged once at most.
  public var isOnce = false
  /// By how many microseconds the clocks of an event and of an issuer may differ.
  public var skew: Int64 = 60_000_000

  /// Nothing is known.
  public init() {}

  /// What `root`, a file of rules, says.
  package init(_ root: Settings) throws(SettingsError) {
    guard let sessions = try root.object("sessions") else { return }
    if let entry = try sessions.object("covers") {
      covers = TimeWindow(since: try entry.time("since"), until: try entry.time("until"))
      try entry.finish()
      if covers.isEmpty { throw sessions.error("covers", "ends before it begins") }
    }
    isComplete = try sessions.bool("complete", default: false)
    isOnce = try sessions.bool("once", default: false)
    skew = Int64(try sessions.duration("skew", default: 60, range: 0...86_400)) * 1_000_000
    try sessions.finish()
  }
}
