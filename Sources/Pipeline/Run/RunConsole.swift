package import Output

/// How far a run is, on its way to whoever watches.
package protocol RunProgress: Sendable {
  /// Records and bytes read so far. Any thread may call it.
  func update(records: Int, bytes: Int)
  /// No more comes. May be called more than once.
  func end()
}

/// Whoever watches a run.
package protocol RunConsole: Sendable {
  /// What shows how far a run over `totalBytes` bytes is; nil if nobody watches. `totalBytes` is nil where
  /// the size of the input cannot be told.
  func progress(totalBytes: Int?) -> (any RunProgress)?
  /// Says that signal `signal` has ended the run, and what that leaves.
  func interrupted(by signal: Int32, _ outcome: String)
  /// The terminals that get what the run writes.
  var screen: OutputScreen { get }
}

extension RunConsole {
  /// No terminals.
  package var screen: OutputScreen { OutputScreen() }
}
