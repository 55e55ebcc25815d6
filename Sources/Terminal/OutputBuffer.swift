package import Bytes
package import Disk

/// Gathers standard output, so that it is written in few calls.
package final class OutputBuffer {
  private static let size = 1 << 16
  private var buffer = ByteBuffer(capacity: OutputBuffer.size)
  private let file = Disk().standardOutput
  private let isTerminal = Process.isOutputTerminal

  /// True if anything was written.
  private var hasWritten = false

  package init() {}

  /// Forgets what was gathered; false, and nothing is forgotten, if some of it was written already.
  package func forget() -> Bool {
    guard !hasWritten else { return false }
    buffer.removeAll()
    return true
  }

  package func append(_ text: String) throws(DiskError) {
    buffer.append(utf8: text)
    if buffer.count >= OutputBuffer.size { try flush() }
  }

  /// Appends a line and its line feed.
  package func append(line: ByteView) throws(DiskError) {
    buffer.append(line)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= OutputBuffer.size { try flush() }
  }

  /// Appends a line that `body` appends to the buffer that it gets, and its line feed.
  func appendLine(_ body: (inout ByteBuffer) -> Void) throws(DiskError) {
    body(&buffer)
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= OutputBuffer.size { try flush() }
  }

  /// Appends a line of JSON; a terminal gets nothing that it would obey.
  package func append(json line: ByteView) throws(DiskError) {
    guard isTerminal else { return try append(line: line) }
    try append(Console.printableJSON(String(decoding: line, as: UTF8.self)) + "\n")
  }

  package func flush() throws(DiskError) {
    if buffer.count > 0 { hasWritten = true }
    try file.write(all: buffer.view)
    buffer.removeAll()
  }
}
