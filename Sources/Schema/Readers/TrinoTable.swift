/// An external table of lines and a view for Trino's Hive connector.
struct TrinoTable {
  private let table: ArchiveTable

  init(_ table: ArchiveTable) { self.table = table }

  var text: String {
    let lines = SQL.name(table.name + "_lines")
    let columns = ([ArchiveTable.line] + table.folders.keys).map { SQL.name($0) + " varchar" }
    let keys = table.folders.keys
    let partitions =
      keys.isEmpty
      ? "" : ",\n  partitioned_by = ARRAY[\(keys.map(SQL.text).joined(separator: ", "))]"
    let sync =
      keys.isEmpty
      ? ""
      : "CALL system.sync_partition_metadata(CURRENT_SCHEMA, \(SQL.text(table.name + "_lines")), 'ADD');\n"
    return """
      \(table.comments("--"))-- for the Hive connector; sync_partition_metadata again after each run
      CREATE TABLE \(lines) (\(columns.joined(separator: ", "))) WITH (
        external_location = \(SQL.text(table.location + "/")), format = 'TEXTFILE',
        textfile_field_separator = U&'\\0001'\(partitions)
      );
      \(sync)CREATE OR REPLACE VIEW \(SQL.name(table.name)) AS
      SELECT
        \(HiveLines(table).columns)
      FROM \(lines);

      """
  }
}
