internal import Crypto
package import Bytes
package import Codec
package import Disk
internal import Platform

/// Writes quarantine rows in the order of the run: as they are, or in gzip members that are cut as
/// those of parts, so that their bytes depend on the rows alone.
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
  package init(compressed: Bool, open: @escaping () throws -> File) throws(CodecError) {
    compressor = compressed ? try Compressor(Compression(format: .gzip)) : nil
    self.open = open
  }

  /// Appends whole rows, each with its line feed.
  package mutating func append(_ text: ByteView) throws {
    var at = 0
    while at < text.count, let start = text.baseAddress,
      let found = memchr(start + at, Int32(UInt8(ascii: "\n")), text.count - at)
    {
      let end = UnsafeRawPointer(found) - UnsafeRawPointer(start) + 1
      waiting.append(start + at, count: end - at)
      rows += 1
      at = end
      if waiting.count >= Compression.memberSize { try writeMember() }
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
