internal import Bytes
internal import History
internal import Terminal
internal import Trail

/// Puts out events on standard output, in the order in which they come.
struct EventPrinter {
  private let files: LiveFiles
  /// By the number of the commit, which has one dialect, and of the one that says what was added.
  private var readers: [[Int]: ArchivedEvent] = [:]
  private var writer: any EventWriter
  private let output: OutputBuffer

  /// A printer for the archive of `files`.
  init(_ format: EventFormat, _ files: LiveFiles, _ output: OutputBuffer) {
    self.files = files
    self.output = output
    writer = format.makeWriter()
  }

  /// Puts out an event of a part.
  mutating func add(_ line: ByteView, of part: LiveFile) throws {
    let commits = [part.sequence, files.commitThatAdded(to: part)]
    let reader =
      readers[commits] ?? ArchivedEvent(files.dialect(of: part), files.added(to: part))
    readers[commits] = reader
    try writer.add(PrintedEvent(line: line, reader: reader), to: output)
  }

  mutating func finish() throws {
    try writer.finish(output)
    try output.flush()
  }
}
