/// What a commit does to an archive.
package enum CommitKind: String, CaseIterable, Sendable {
  /// Adds what inputs hold.
  case run
  /// Reads a window of time again, and retires what the archive held of it.
  case replace
  /// Reads the quarantine again.
  case retry
  /// Merges small parts.
  case compact
  /// Retires what is older than it has to be.
  case expire
  /// Sets a hold: protects a window of time from being retired.
  case hold
  /// Ends a hold.
  case release
  /// Makes the index of parts that have none, or a damaged one.
  case index
}
