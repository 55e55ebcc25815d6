/// A place in a definition.
package struct SourcePosition: Equatable, Sendable {
  /// The file as it was named on the command line.
  package let file: String
  /// From 1. A line ends with LF, CR or CRLF.
  package let line: Int
  /// From 1, in characters (Unicode scalars).
  package let column: Int

  /// A place in a definition.
  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// An error at this place.
  package func error(_ message: String) -> SettingsError {
    SettingsError(file: file, line: line, column: column, message: message)
  }
}

/// What is wrong with a definition, and where.
package struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file as it was named on the command line.
  package let file: String
  /// From 1.
  package let line: Int
  /// From 1, in characters.
  package let column: Int
  /// What is wrong, and what to do.
  package let message: String

  /// An error at a place.
  package init(file: String, line: Int, column: Int, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// `pipelines/nightly.json5:12:7: unknown key "dedup": did you mean "deduplicate"?`
  package var description: String { "\(file):\(line):\(column): \(message)" }
}
