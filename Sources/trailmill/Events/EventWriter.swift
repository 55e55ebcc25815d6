internal import Terminal

/// Puts out events in one format.
protocol EventWriter {
  mutating func add(_ event: PrintedEvent, to output: OutputBuffer) throws
  /// Puts out what still waits.
  mutating func finish(_ output: OutputBuffer) throws
}

extension EventWriter {
  mutating func finish(_ output: OutputBuffer) throws {}
}
