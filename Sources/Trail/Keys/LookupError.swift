/// A row of a lookup table that cannot be used, and why.
package struct LookupError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line on which the row begins, from 1; 0 for the table as a whole.
  package let line: Int
  /// What is wrong with it.
  package let reason: String

  /// A row that cannot be used.
  package init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }

  /// The sentence for people.
  package var description: String { line > 0 ? "line \(line): \(reason)" : reason }
}
