/// A view for DuckDB. The parts are read as lines, so that no event is too odd to be read, and members are
/// taken from them as they are asked for.
struct DuckDBView {
  private let table: ArchiveTable

  init(_ table: ArchiveTable) { self.table = table }

  var text: String {
    let columns =
      table.columns.enumerated().map { column($1, $0 + 1) }
      + (table.folders.keys + [ArchiveTable.line]).map(SQL.name)
    return """
      \(table.comments("--"))CREATE OR REPLACE VIEW \(SQL.name(table.name)) AS
      SELECT
        \(SQL.list(columns, indent: "  "))
      FROM (
        SELECT *, \(values) AS _members
        FROM \(lines)
      );

      """
  }

  /// The values of all members, taken from an event at once: it is parsed one time, whatever is asked for.
  private var values: String {
    let paths = table.columns.map { SQL.text("$.\"" + $0.name + "\"") }
    guard !paths.isEmpty else { return "NULL" }
    return """
      json_extract(
          \(DuckDBView.readable),
          [\(paths.joined(separator: ", "))])
      """
  }

  /// The event with U+FFFD in place of each half of a surrogate pair, with which DuckDB reads no member at
  /// all. Escaped backslashes and whole pairs step aside for that.
  private static let readable = #"""
    CASE WHEN regexp_matches(event_json, '\\u[dD][89a-fA-F]') THEN
        replace(replace(regexp_replace(regexp_replace(replace(event_json, '\\', chr(1)),
          '\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})',
          chr(2) || '\1' || chr(2) || '\2', 'g'),
          '\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\ufffd', 'g'), chr(2), '\u'), chr(1), '\\')
        ELSE event_json END
    """#

  private func column(_ column: Column, _ number: Int) -> String {
    let value = "_members[\(number)]"
    let typed =
      switch column.type {
      case .text: "json_extract_string(\(value), '$')"
      case .boolean: typed(value, "BOOLEAN", ["BOOLEAN"])
      case .integer: typed(value, "BIGINT", ["BIGINT", "UBIGINT"])
      case .json: "nullif(\(value), 'null')"
      }
    return typed + " AS " + SQL.name(column.name)
  }

  /// A value of a type; an error where it is of another kind, for DuckDB rounds 1.7 and takes 1 for true.
  private func typed(_ value: String, _ type: String, _ kinds: [String]) -> String {
    """
    CASE WHEN json_type(\(value)) IN (\((kinds + ["NULL"]).map(SQL.text).joined(separator: ", ")))
        THEN CAST(\(value) AS \(type)) WHEN \(value) IS NOT NULL
        THEN error('another type than before: run trailmill schema') END
    """
  }

  /// Patterns of the parts' paths. Each has to find something, so that an ending that no part has yet can be
  /// met by a wider one alone; below all folders that would find the archive's own files.
  private var patterns: [String] {
    let keys = table.folders.keys
    let isWide = !keys.isEmpty && table.endings.allSatisfy(table.readable.contains)
    let folder = keys.isEmpty ? "**" : keys.map { $0 + "=*" }.joined(separator: "/")
    let endings = isWide ? [".ndjson*"] : table.present
    return endings.map { "\(table.location)/\(folder)/part-*\($0)" }
  }

  private var lines: String {
    if table.folders.form == .unknown {
      return "(SELECT CAST(NULL AS VARCHAR) AS event_json WHERE false)"
    }
    let patterns = patterns.map(SQL.text).joined(separator: ", ")
    let types = table.folders.keys.map { SQL.text($0) + ": VARCHAR" }.joined(separator: ", ")
    let folders =
      types.isEmpty
      ? "hive_partitioning = false" : "hive_partitioning = true, hive_types = {\(types)}"
    // Longer lines are an error, and no event is cut.
    return """
      read_csv(
          [\(patterns)],
          columns = {'event_json': 'VARCHAR'}, auto_detect = false, header = false, delim = chr(1),
          quote = '', escape = '', max_line_size = \(table.roomForLine * 2),
          \(folders))
      """
  }
}
