/// How events are put out. A new format is a case here with what writes it, and nothing else.
enum EventFormat: String, CaseIterable {
  case ndjson, table, csv

  /// What writes it; `toTerminal` means that a terminal would obey what is written.
  func makeWriter(toTerminal: Bool) -> any EventWriter {
    switch self {
    case .ndjson: NDJSONWriter(toTerminal: toTerminal)
    case .table: TableWriter()
    case .csv: CSVWriter()
    }
  }
}
