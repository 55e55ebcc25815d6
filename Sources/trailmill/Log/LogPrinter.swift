internal import Terminal

/// Puts out rows on standard output, as a table or as JSON. What is no terminal gets tables as wide as they
/// are.
struct LogPrinter {
  private var table: TextTable
  private let toTerminal: Bool
  private let output: OutputBuffer

  /// A printer of rows with these column titles.
  init(_ titles: [String], _ output: OutputBuffer = OutputBuffer()) {
    self.output = output
    table = TextTable(
      titles: titles, room: Process.outputColumns ?? .max, cutLast: titles.firstIndex(of: "time"))
    toTerminal = Process.isOutputTerminal
  }

  mutating func add(_ row: [String]) throws {
    try output.append(table.add(row.map(Console.printable)))
  }

  /// Puts out one object, with its line feed.
  func add(json: String) throws {
    try output.append(toTerminal ? Console.printableJSON(lines: json) : json)
  }

  mutating func finish() throws {
    try output.append(table.finish())
    try output.flush()
  }
}
