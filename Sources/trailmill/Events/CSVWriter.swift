internal import Terminal

/// Events as CSV (RFC 4180). Where nothing is found, nothing is written, not even the names of the columns.
///
/// Whoever makes events chooses what stands in cells, and a spreadsheet runs a cell that begins with `=`,
/// `+`, `-` or `@` (CWE-1236). Such a cell gets a `'` before it, which says that it is text: that is what
/// OWASP advises. Control characters are U+FFFD, as in a table.
struct CSVWriter: EventWriter {
  /// What makes a formula of a cell that begins with it; of the wide forms East Asian spreadsheets do.
  private static let formulaSigns: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
  ]

  private var hasHead = false

  mutating func add(_ event: PrintedEvent, to output: OutputBuffer) throws {
    if !hasHead { try output.append(CSVWriter.line(PrintedEvent.columns)) }
    hasHead = true
    try output.append(CSVWriter.line(event.row))
  }

  static func line(_ cells: [String]) -> String {
    cells.map { quoted(harmless($0)) }.joined(separator: ",") + "\r\n"
  }

  /// The cell without what a terminal obeys, and with a `'` before what a spreadsheet would run: at its
  /// beginning, and behind each `;`, which separates cells where numbers have a decimal comma.
  private static func harmless(_ cell: String) -> String {
    var result = String.UnicodeScalarView()
    var isFirst = true
    for scalar in Console.printable(cell).unicodeScalars {
      if isFirst, formulaSigns.contains(scalar) { result.append("'") }
      result.append(scalar)
      isFirst = scalar == ";"
    }
    return String(result)
  }

  private static func quoted(_ cell: String) -> String {
    // Byte by byte: a mark that combines with a comma makes one character of both, and no other cell.
    guard cell.utf8.contains(where: { [0x2C, 0x22, 0x3B].contains($0) }) else { return cell }
    var quoted = "\""
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { quoted.unicodeScalars.append("\"") }
      quoted.unicodeScalars.append(scalar)
    }
    quoted.unicodeScalars.append("\"")
    return quoted
  }
}
