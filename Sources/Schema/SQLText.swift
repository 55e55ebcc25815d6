/// Names and texts as SQL has them.
enum SQL {
  /// A text between single quotes; a quote in it stands twice.
  static func text(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  /// A name between double quotes.
  static func name(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

  /// A name between backticks.
  static func backticked(_ name: String) -> String {
    "`" + name.replacing("`", with: "``") + "`"
  }

  /// Items of a list, each on a line of its own.
  static func list(_ items: [String], indent: String) -> String {
    items.joined(separator: ",\n" + indent)
  }
}
