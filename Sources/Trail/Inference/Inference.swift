public import Bytes

/// What may be said of an event that names no token, from the times of its key's tokens.
public struct Inference: Equatable, Sendable {
  /// True if it may be said at all.
  public var isAllowed: Bool
  /// How long, in microseconds, what a token was exchanged for outlives its `exp`; nil if nobody says.
  public var session: Int64?
  /// The times of events for which the claim store holds every token whose session reaches there.
  public var covers: TimeWindow

  /// Longest session: 366 days, in seconds.
  public static let longestSession = 366 * 86_400

  /// Nothing is said, and sessions are as long as `session` says.
  public static func off(session: Int64? = nil) -> Inference {
    Inference(isAllowed: false, session: session, covers: TimeWindow())
  }

  /// Something is said of events within `covers`.
  public static func on(session: Int64 = 0, covers: TimeWindow = TimeWindow()) -> Inference {
    Inference(isAllowed: true, session: session, covers: covers)
  }
}
