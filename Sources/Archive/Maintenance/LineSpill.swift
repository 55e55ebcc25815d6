internal import Bytes
internal import Disk
internal import History

/// Lines that wait in a file of a commit's staging folder.
///
/// Unchecked: written by one worker before others read it.
final class LineSpill: @unchecked Sendable {
  /// Bytes that wait in memory to be written, and that are read at a time: 1 MiB.
  private static let piece = 1 << 20

  private let file: File
  private var waiting = ByteBuffer(capacity: LineSpill.piece)
  private var written: Int64 = 0

  init(_ disk: Disk, path: String) throws(DiskError) {
    file = try disk.createTruncating(path, mode: 0o600)
  }

  /// Bytes so far, with line feeds.
  var count: Int64 { written + Int64(waiting.count) }

  /// Appends a line, which has no line feed.
  func append(_ line: ByteView) throws {
    waiting.append(line)
    waiting.append(UInt8(ascii: "\n"))
    if waiting.count >= LineSpill.piece { try flush() }
  }

  /// Writes what waits.
  func flush() throws {
    try file.pwrite(all: waiting.view, at: written)
    written += Int64(waiting.count)
    waiting.removeAll()
  }

  /// Takes back what was appended last.
  func truncate(to count: Int64) throws {
    if count >= written {
      waiting.truncate(to: Int(count - written))
    } else {
      waiting.removeAll()
      written = count
    }
  }

  /// Calls `body` with each line of a range of the text, all of which was written.
  func forEachLine(in range: Range<Int64>, _ body: (ByteView) throws -> Void) throws {
    var lines = LineBuffer(capacity: LineSpill.piece)
    var at = range.lowerBound
    while at < range.upperBound {
      let wanted = Int(min(range.upperBound - at, Int64(LineSpill.piece)))
      let read = try file.pread(into: &lines.bytes, upTo: wanted, at: at)
      guard read > 0 else { return }
      at += Int64(read)
      try lines.takeLines(body)
    }
  }

  func close() throws(DiskError) { try file.close() }
}
