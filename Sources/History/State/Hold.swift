package import Bytes

/// A window of time that is protected from being retired.
package struct Hold: Equatable, Sendable {
  /// What it is called.
  package var name: String
  /// What it protects.
  package var window: TimeWindow
  /// Why.
  package var reason: String

  /// A hold.
  package init(name: String, window: TimeWindow, reason: String) {
    self.name = name
    self.window = window
    self.reason = reason
  }

  /// True if a file with events from `first` to `last` may hold a protected one. Nobody knows when
  /// events without a time were: those are protected by every hold.
  package func protects(_ first: Timestamp?, _ last: Timestamp?) -> Bool {
    guard let first, let last else { return true }
    return window.mayMeet(first, last)
  }
}
