/// A place in a definition.
public struct SourcePosition: Equatable, Sendable {
  /// The file as it was named on the command line.
  public let file: String
  /// From 1. A line ends with LF, CR or CRLF.
  public let line: Int
  /// From 1, in characters (Unicode scalars).
  public let column: Int

  /// A place in a definition.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// An error at this place.
  public func error(_ message: String) -> SettingsError {
    SettingsError(file: file, line: line, column: column, message: message)
  }
}

/// What is wrong with a definition, and where.
public struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file as it was named on the command line.
  public let file: String
  /// From 1.
  public let line: Int
  /// From 1, in characters.
  public let column: Int
  /// What is wrong, and what to do.
  public let message: String

  /// An error at a place.
  public init(file: String, line: Int, column: Int, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// `pipelines/nightly.json5:12:7: unknown key "dedup": did you mean "deduplicate"?`
  public var description: String { "\(file):\(line):\(column): \(message)" }
}
