internal import Terminal

/// Events as CSV (RFC 4180). Where nothing is found, nothing is written, not even the names of the columns.
struct CSVWriter: EventWriter {
  private let toTerminal: Bool
  private var hasHead = false

  init(toTerminal: Bool) { self.toTerminal = toTerminal }

  mutating func add(_ event: PrintedEvent, to output: OutputBuffer) throws {
    if !hasHead { try output.append(CSVWriter.line(PrintedEvent.columns)) }
    hasHead = true
    let row = event.row
    try output.append(CSVWriter.line(toTerminal ? row.map(Console.printable) : row))
  }

  static func line(_ cells: [String]) -> String {
    cells.map(quoted).joined(separator: ",") + "\r\n"
  }

  private static func quoted(_ cell: String) -> String {
    // Byte by byte: a mark that combines with a comma makes one character of both, and no other cell.
    guard cell.utf8.contains(where: { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }) else { return cell }
    var quoted = "\""
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { quoted.unicodeScalars.append("\"") }
      quoted.unicodeScalars.append(scalar)
    }
    quoted.unicodeScalars.append("\"")
    return quoted
  }
}
