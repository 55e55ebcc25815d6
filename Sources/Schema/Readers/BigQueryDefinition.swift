internal import Bytes
internal import JSONText

/// A definition of an external table for BigQuery (`bq mk --external_table_definition`). There is no column
/// of the whole line: what is no column cannot be asked for there.
struct BigQueryDefinition {
  private let table: ArchiveTable

  init(_ table: ArchiveTable) { self.table = table }

  var text: String {
    let fields = table.columns.filter { ColumnName.isWord($0.name) }.map { column in
      "      {\"name\": \(quoted(column.name)), \"type\": \"\(type(column))\", \"mode\": \"NULLABLE\"}"
    }
    // One asterisk is all that BigQuery takes; behind a key it leaves the archive's own files out.
    let start = table.folders.keys.first.map { $0 + "=*" } ?? "*"
    let uris = table.present.map { quoted("\(table.location)/\(start)\($0)") }
      .joined(separator: ", ")
    return """
      {
        "sourceFormat": "NEWLINE_DELIMITED_JSON",
        "sourceUris": [\(uris)],
        "ignoreUnknownValues": true,
        "maxBadRecords": 0,
        "autodetect": false,
        "schema": {
          "fields": [
      \(fields.joined(separator: ",\n"))
          ]
        }\(partitioning)
      }

      """
  }

  private var partitioning: String {
    let keys = table.folders.keys
    guard !keys.isEmpty, keys.allSatisfy(ColumnName.isWord) else { return "" }
    let prefix = table.location + keys.map { "/{\($0):STRING}" }.joined()
    return """
      ,
        "hivePartitioningOptions": {
          "mode": "CUSTOM",
          "sourceUriPrefix": \(quoted(prefix))
        }
      """
  }

  private func type(_ column: Column) -> String {
    switch column.type {
    case .text: "STRING"
    case .boolean: "BOOL"
    case .integer: "INT64"
    case .json: "JSON"
    }
  }

  private func quoted(_ text: String) -> String {
    var buffer = ByteBuffer(capacity: 64)
    JSONString.append(quoting: text, to: &buffer)
    return String(decoding: buffer.view, as: UTF8.self)
  }
}
