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
  private var blocks: BlockHasher?
  private var written = 0

  /// A writer to an empty file, which is to end with the hashes of its blocks if it is read in places.
  init(_ file: File, isReadInPlaces: Bool = false) {
    self.file = file
    blocks = isReadInPlaces ? BlockHasher() : nil
  }

  /// Bytes so far.
  var count: Int { written + buffer.count }

  /// Writes what waits, if that is worth a call.
  mutating func flushIfLarge() throws(DiskError) {
    if buffer.count >= StagedFileWriter.piece { try flush() }
  }

  private mutating func flush() throws(DiskError) {
    blocks?.update(buffer.view)
    try write()
  }

  private mutating func write() throws(DiskError) {
    hasher.update(buffer.view)
    try file.write(all: buffer.view)
    written += buffer.count
    buffer.removeAll()
  }

  /// Closes the file, of `records` records. Nothing may be added after that.
  mutating func finish(records: Int) throws(DiskError) -> StagedFile {
    try flush()
    let root = blocks?.finish()
    if root != nil {
      blocks?.appendHashes(to: &buffer)
      try write()
    }
    try file.close()
    return StagedFile(
      bytes: Int64(written), sha256: hasher.copy().finalize(), records: records, blocksRoot: root)
  }
}
