/// Views for Spark. The parts are read as lines, and members are taken from them. Temporary views take
/// folders as they are, and columns of folders with the types that are written.
struct SparkView {
  private let table: ArchiveTable

  init(_ table: ArchiveTable) { self.table = table }

  var text: String {
    let folders = table.folders.keys.map(SQL.backticked)
    let columns = table.columns.map(column) + table.folders.keys.map(folder) + [ArchiveTable.line]
    let lines = SQL.backticked(table.name + "_lines")
    let types = ([ArchiveTable.line] + folders).map { $0 + " STRING" }.joined(separator: ", ")
    return """
      \(table.comments("--"))CREATE OR REPLACE TEMPORARY VIEW \(lines) (\(types))
      USING text OPTIONS (
        path \(SparkView.text(table.location)), lineSep '\\n',
        pathGlobFilter \(SparkView.text("part-*{\(table.readable.joined(separator: ","))}"))\(depth)
      );
      CREATE OR REPLACE TEMPORARY VIEW \(SQL.backticked(table.name)) AS
      SELECT
        \(SQL.list(columns, indent: "  "))
      FROM (
        SELECT *, from_json(_json, \(SparkView.text(schema)), \(SparkView.limits)) AS _members
        FROM (
          SELECT *, \(SparkView.readable) AS _json
          FROM \(lines)
        )
      );

      """
  }

  /// Folders that are no columns: all below are looked through.
  private var depth: String { table.folders.keys.isEmpty ? ", recursiveFileLookup 'true'" : "" }

  private static let limits =
    "map('maxNumLen', '400000000', 'maxStringLen', '400000000', 'maxNestingDepth', '600')"

  /// The event with U+FFFD in place of each half of a surrogate pair. Escaped backslashes and whole pairs
  /// step aside for that.
  private static let readable = #"""
    CASE WHEN event_json RLIKE r'\\u[dD][89a-fA-F]' THEN
            replace(replace(regexp_replace(regexp_replace(replace(event_json, r'\\', chr(1)),
              r'\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})',
              concat(chr(2), '$1', chr(2), '$2')),
              r'\\u[dD][89a-fA-F][0-9a-fA-F]{2}', r'\\ufffd'), chr(2), r'\u'), chr(1), r'\\')
            ELSE event_json END
    """#

  private var schema: String {
    table.columns.isEmpty
      ? "_none STRING"
      : table.columns.map { SQL.backticked($0.name) + " " + type($0) }.joined(separator: ", ")
  }

  private func type(_ column: Column) -> String {
    switch column.type {
    case .text, .json: "STRING"
    case .boolean: "BOOLEAN"
    case .integer: "BIGINT"
    }
  }

  private func column(_ column: Column) -> String {
    let name = SQL.backticked(column.name)
    let value = "_members.\(name)"
    guard column.type == .json(hasStrings: true) else { return "\(value) AS \(name)" }
    // Strings come without their quotes, so that "5" and 5 would be the same.
    let kind =
      "schema_of_variant(from_json(_json, \(SparkView.text(name + " VARIANT")), \(SparkView.limits)).\(name))"
    let quoted = "to_json(array(\(value)))"
    return """
      CASE WHEN \(kind) = 'STRING'
          THEN substr(\(quoted), 2, length(\(quoted)) - 2) ELSE \(value) END AS \(name)
      """
  }

  /// Spark takes each byte of a folder's name for a character.
  private func folder(_ key: String) -> String {
    let name = SQL.backticked(key)
    return "decode(encode(\(name), 'ISO-8859-1'), 'UTF-8') AS \(name)"
  }

  /// A text as Spark has it, where a backslash begins an escape.
  private static func text(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
