internal import Terminal

/// Events as a table for people.
struct TableWriter: EventWriter {
  /// Columns where the output is no terminal.
  private static let standardRoom = 160
  private var table = TextTable(
    titles: PrintedEvent.columns, room: Process.outputColumns ?? TableWriter.standardRoom,
    cutLast: 0)

  mutating func add(_ event: PrintedEvent, to output: OutputBuffer) throws {
    try event.withCells { count, cell in try table.add(count, to: output, cell) }
  }

  mutating func finish(_ output: OutputBuffer) throws { try output.append(table.finish()) }
}
