package import Bytes

/// A window of time that is protected from being retired.
package struct Hold: Equatable, Sendable {
  /// Its name, by which it is ended.
  package var name: String
  /// From this time on; nil from the beginning.
  package var since: Timestamp?
  /// Before this time; nil to the end.
  package var until: Timestamp?
  /// The reason that the command line gave.
  package var reason: String

  /// A hold.
  package init(name: String, since: Timestamp?, until: Timestamp?, reason: String) {
    self.name = name
    self.since = since
    self.until = until
    self.reason = reason
  }

  /// True if it protects some time of the window from `since` up to, not including, `until`; nil is no
  /// bound.
  package func intersects(_ since: Timestamp?, _ until: Timestamp?) -> Bool {
    if let end = self.until, let since, since >= end { return false }
    if let start = self.since, let until, until <= start { return false }
    return true
  }

  /// True if a file with events from `first` to `last` may hold a protected one. Nobody knows when
  /// events without a time were: those are protected by every hold.
  package func protects(_ first: Timestamp?, _ last: Timestamp?) -> Bool {
    guard let first, let last else { return true }
    if let since, last < since { return false }
    if let until, first >= until { return false }
    return true
  }
}
