internal import Terminal

/// Events as they are archived, one a line; a terminal gets nothing that it would obey.
struct NDJSONWriter: EventWriter {
  func add(_ event: PrintedEvent, to output: OutputBuffer) throws {
    try output.append(json: event.line)
  }
}
