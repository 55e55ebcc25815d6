/// Terminals that get what a run writes to standard output and to standard error.
package struct OutputScreen: Sendable {
  /// Whether standard output is one.
  package var isOutput = false
  /// Whether standard error is one.
  package var isErrors = false
  /// Lines of JSON without what a terminal would obey; equal JSON.
  package var shown: @Sendable (String) -> String = { $0 }
  /// Calls what writes lines while nothing else stands on the terminal's line.
  package var alone: @Sendable (() throws -> Void) throws -> Void = { try $0() }

  /// No terminals.
  package init() {}
}
