internal import Crypto
internal import History
internal import Bytes
internal import Disk

/// Writes a file beside the parts, piece by piece, and takes its digest on the way.
struct StagedFileWriter: ~Copyable {
  /// Bytes that are written at a time: 1 MiB.
  private static let piece = 1 << 20

  private let file: File
  /// Bytes that wait to be written. After appending, call `flushIfLarge`.
  var buffer = ByteBuffer(capacity: 1 << 10)
  private var hasher = SHA256Hasher()
  private var written = 0

  /// A writer to an empty file.
  init(_ file: File) { self.file = file }

  /// Bytes so far.
  var count: Int { written + buffer.count }

  /// Writes what waits, if that is worth a call.
  mutating func flushIfLarge() throws(DiskError) {
    if buffer.count >= StagedFileWriter.piece { try flush() }
  }

  private mutating func flush() throws(DiskError) {
    hasher.update(buffer.view)
    try file.write(all: buffer.view)
    written += buffer.count
    buffer.removeAll()
  }

  /// Closes the file, of `records` records. Nothing may be added after that.
  mutating func finish(records: Int) throws(DiskError) -> StagedFile {
    try flush()
    try file.close()
    return StagedFile(
      bytes: Int64(written), sha256: hasher.copy().finalize(), records: records)
  }
}
