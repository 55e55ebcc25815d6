internal import Crypto
package import Bytes
package import Codec
package import Disk

/// Writes quarantine rows in the order of the run: as they are, or in members that are cut as those of parts,
/// so that their bytes depend on the rows alone.
package struct RejectWriter: ~Copyable {
  private let compressor: Compressor?
  private let open: () throws -> File
  private var file: File?
  private var waiting = ByteBuffer(capacity: 16)
  private var stored = ByteBuffer(capacity: 16)
  private var hasher = SHA256Hasher()
  /// Rows so far.
  package private(set) var rows = 0
  /// Bytes written so far.
  package private(set) var bytes = 0

  /// `open` is called once, when there is something to write.
  package init(
    _ format: CompressionFormat, open: @escaping () throws -> File
  ) throws(CodecError) {
    compressor = format == .none ? nil : try Compressor(Compression(format: format))
    self.open = open
  }

  /// Longest piece of a row that waits for the row's end, in bytes: 4 MiB.
  private static let longestPiece = 4 << 20

  /// Appends rows, each with its line feed; the last one may be continued.
  package mutating func append(_ text: ByteView) throws {
    var at = 0
    while at < text.count {
      let found = text.place(of: 0x0A, from: at)
      let end = found.map { $0 + 1 } ?? text.count
      // A member ends with a row, or where the row has grown so long.
      let room = Self.longestPiece - waiting.count
      let count = min(end - at, max(room, 0))
      waiting.append(ByteView(rebasing: text[at..<at + count]))
      at += count
      let isRowEnd = found != nil && at == end
      if isRowEnd { rows += 1 }
      if waiting.count >= (isRowEnd ? Compression.memberSize : Self.longestPiece) {
        try writeMember()
      }
    }
    if compressor == nil { try writeMember() }
  }

  /// Writes what still waits, and returns the digest of all bytes written. Nothing may follow.
  package mutating func finish() throws -> Digest256 {
    try writeMember()
    var finished = SHA256Hasher()
    swap(&finished, &hasher)
    return finished.finalize()
  }

  /// Closes the file; a standard stream stays open.
  package func close() throws { try file?.close() }

  private mutating func writeMember() throws {
    guard waiting.count > 0 else { return }
    if let compressor {
      stored.removeAll()
      try compressor.compress(waiting.view, into: &stored)
      try write(stored.view)
    } else {
      try write(waiting.view)
    }
    waiting.removeAll()
    waiting.trim(keeping: 2 * Compression.memberSize)
  }

  private mutating func write(_ text: ByteView) throws {
    let file = try self.file ?? open()
    self.file = file
    try file.write(all: text)
    hasher.update(text)
    bytes += text.count
  }
}
