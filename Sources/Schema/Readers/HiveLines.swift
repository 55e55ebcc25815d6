/// What Athena and Trino have in common: a table of lines, and a view that takes members from them.
struct HiveLines {
  private let table: ArchiveTable

  init(_ table: ArchiveTable) { self.table = table }

  /// The columns of the view.
  var columns: String {
    let names = (table.folders.keys + [ArchiveTable.line]).map(SQL.name)
    return SQL.list(table.columns.map(column) + names, indent: "  ")
  }

  private func column(_ column: Column) -> String {
    let path = SQL.text("$[\"" + column.name + "\"]")
    let scalar = "json_extract_scalar(\(ArchiveTable.line), \(path))"
    let value =
      switch column.type {
      case .text: scalar
      case .boolean: "CAST(\(scalar) AS boolean)"
      case .integer: "CAST(\(scalar) AS bigint)"
      case .json: "nullif(json_format(json_extract(\(ArchiveTable.line), \(path))), 'null')"
      }
    return value + " AS " + SQL.name(column.name)
  }
}
