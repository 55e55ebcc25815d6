/// A stretch of time, half open: from `since` on, and before `until`.
public struct TimeWindow: Equatable, Sendable {
  /// The first time inside; nil is no bound.
  public let since: Timestamp?
  /// The first time behind it; nil is no bound.
  public let until: Timestamp?

  /// A window with these bounds; without any it is all of time.
  public init(since: Timestamp? = nil, until: Timestamp? = nil) {
    self.since = since
    self.until = until
  }

  /// True if it has a bound, so that there are times outside.
  public var isBounded: Bool { since != nil || until != nil }

  /// True if no time lies inside.
  public var isEmpty: Bool {
    if let since, let until { until <= since } else { false }
  }

  /// True if a time lies inside.
  @inlinable public func contains(_ time: Timestamp) -> Bool { contains(time.microseconds) }

  /// True if a time, in microseconds since 1970, lies inside.
  @inlinable public func contains(_ time: Int64) -> Bool {
    if let since, time < since.microseconds { return false }
    if let until, time >= until.microseconds { return false }
    return true
  }

  /// True if events of which the earliest is at `first` and the latest at `last` may have one inside.
  public func mayMeet(_ first: Timestamp, _ last: Timestamp) -> Bool {
    mayMeet(first.microseconds, last.microseconds)
  }

  /// True if events of which the earliest is at `first` and the latest at `last`, in microseconds since 1970,
  /// may have one inside.
  public func mayMeet(_ first: Int64, _ last: Int64) -> Bool {
    if let since, last < since.microseconds { return false }
    if let until, first >= until.microseconds { return false }
    return true
  }

  /// True if some time lies inside of both; neither may be empty.
  public func intersects(_ other: TimeWindow) -> Bool {
    if let until, let since = other.since, since >= until { return false }
    if let since, let until = other.until, until <= since { return false }
    return true
  }
}
