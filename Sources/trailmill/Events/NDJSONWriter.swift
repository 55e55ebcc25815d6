internal import Terminal

/// Events as they are archived, one a line.
struct NDJSONWriter: EventWriter {
  /// A file gets events as they are, a terminal nothing that it would obey.
  let toTerminal: Bool

  func add(_ event: PrintedEvent, to output: OutputBuffer) throws {
    guard toTerminal else { return try output.append(line: event.line) }
    let line = String(decoding: event.line, as: UTF8.self)
    try output.append(Console.printableJSON(line) + "\n")
  }
}
