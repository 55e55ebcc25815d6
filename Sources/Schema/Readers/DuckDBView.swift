/// A view for DuckDB. The parts are read as lines, so that no event is too odd to be read, and members are
/// taken from them as they are asked for.
struct DuckDBView {
  private let table: ArchiveTable

  init(_ table: ArchiveTable) { self.table = table }

  var text: String {
    let columns =
      table.columns.map(column) + (table.folders.keys + [ArchiveTable.line]).map(SQL.name)
    return """
      \(table.comments("--"))CREATE OR REPLACE VIEW \(SQL.name(table.name)) AS
      SELECT
        \(SQL.list(columns, indent: "  "))
      FROM (
        SELECT *, \(DuckDBView.readable) AS _json
        FROM \(lines)
      );

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

  private func column(_ column: Column) -> String {
    let path = SQL.text("$.\"" + column.name + "\"")
    let value =
      switch column.type {
      case .text: "json_extract_string(_json, \(path))"
      case .boolean: typed(path, "BOOLEAN", ["BOOLEAN"])
      case .integer: typed(path, "BIGINT", ["BIGINT", "UBIGINT"])
      case .json: "nullif(json_extract(_json, \(path)), 'null')"
      }
    return value + " AS " + SQL.name(column.name)
  }

  /// A value of a type; an error where it is of another kind, for DuckDB rounds 1.7 and takes 1 for true.
  private func typed(_ path: String, _ type: String, _ kinds: [String]) -> String {
    let kind = "json_type(_json, \(path))"
    return """
      CASE WHEN \(kind) IN (\((kinds + ["NULL"]).map(SQL.text).joined(separator: ", ")))
          THEN CAST(json_extract(_json, \(path)) AS \(type))
          WHEN \(kind) IS NOT NULL THEN error('another type than before: run trailmill schema') END
      """
  }

  private var lines: String {
    let patterns = table.patterns().map(SQL.text).joined(separator: ", ")
    let types = table.folders.keys.map { SQL.text($0) + ": VARCHAR" }.joined(separator: ", ")
    let folders =
      types.isEmpty
      ? "hive_partitioning = false" : "hive_partitioning = true, hive_types = {\(types)}"
    // Longer lines than there are now are an error, and no event is cut.
    var longest = 4 << 20
    while longest < table.longestLine, longest < 512 << 20 { longest *= 2 }
    return """
      read_csv(
          [\(patterns)],
          columns = {'event_json': 'VARCHAR'}, auto_detect = false, header = false, delim = chr(1),
          quote = '', escape = '', max_line_size = \(longest * 2),
          \(folders))
      """
  }
}
