/// How events are put out. A new format is a case here with what writes it, and nothing else.
enum EventFormat: String, CaseIterable {
  case ndjson, table, csv

  /// What writes it.
  func makeWriter() -> any EventWriter {
    switch self {
    case .ndjson: NDJSONWriter()
    case .table: TableWriter()
    case .csv: CSVWriter()
    }
  }
}
