/// A row of a lookup table that cannot be used, and why.
public struct LookupError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line on which the row begins, from 1; 0 for the table as a whole.
  public let line: Int
  /// What is wrong with it.
  public let reason: String

  /// A row that cannot be used.
  public init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }

  /// The sentence for people.
  public var description: String { line > 0 ? "line \(line): \(reason)" : reason }
}
