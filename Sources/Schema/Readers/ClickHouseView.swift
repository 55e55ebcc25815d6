/// A view for ClickHouse. Its own partition columns are off: they are typed by guess, keep names escaped, and
/// fail where an event has no time.
struct ClickHouseView {
  private let table: ArchiveTable

  init(_ table: ArchiveTable) { self.table = table }

  var text: String {
    let columns = table.columns.map(column) + table.folders.keys.map(folder) + [ArchiveTable.line]
    return """
      \(table.comments("--"))CREATE OR REPLACE VIEW \(SQL.backticked(table.name)) AS
      SELECT
        \(SQL.list(columns, indent: "  "))
      FROM (
        SELECT event_json, _path, \(ClickHouseView.readable) AS _json
        FROM \(source)
      )
      SETTINGS use_hive_partitioning = 0;

      """
  }

  /// The event with U+FFFD in place of each half of a surrogate pair, with which ClickHouse reads no
  /// member at all. Escaped backslashes and whole pairs step aside for that.
  private static let readable = #"""
    if(match(event_json, '\\\\u[dD][89a-fA-F]'),
          replaceAll(replaceAll(replaceRegexpAll(replaceRegexpAll(replaceAll(event_json, '\\\\', char(1)),
            '\\\\u([dD][89abAB][0-9a-fA-F]{2})\\\\u([dD][c-fC-F][0-9a-fA-F]{2})',
            concat(char(2), '\\1', char(2), '\\2')),
            '\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\ufffd'), char(2), '\\u'), char(1), '\\\\'),
          event_json)
    """#

  private var source: String {
    let folder =
      table.folders.keys.isEmpty
      ? "**" : table.folders.keys.map { $0 + "=*" }.joined(separator: "/")
    let ending = "{\(table.readable.joined(separator: ","))}"
    let isRemote = table.location.hasPrefix("s3://") || table.location.hasPrefix("https://")
    let place = SQL.text("\(table.location)/\(folder)/part-*\(ending)")
    return "\(isRemote ? "s3" : "file")(\(place), 'LineAsString', 'event_json String')"
  }

  private func column(_ column: Column) -> String {
    let name = SQL.text(column.name)
    let value =
      switch column.type {
      case .text: "JSONExtract(_json, \(name), 'Nullable(String)')"
      // It would make 1 of 1.7, and true of 1.
      case .boolean:
        "if(JSONType(_json, \(name)) = 'Bool', JSONExtract(_json, \(name), 'Nullable(Bool)'), NULL)"
      case .integer:
        "if(JSONType(_json, \(name)) IN ('Int64', 'UInt64'), "
          + "JSONExtract(_json, \(name), 'Nullable(Int64)'), NULL)"
      case .json: "nullIf(nullIf(JSONExtractRaw(_json, \(name)), ''), 'null')"
      }
    return value + " AS " + SQL.backticked(column.name)
  }

  private func folder(_ key: String) -> String {
    let raw = "extract(_path, \(SQL.text("/\(key)=([^/]*)/")))"
    return "decodeURLComponent(nullIf(\(raw), '\(PartFolders.missing)')) AS \(SQL.backticked(key))"
  }
}
