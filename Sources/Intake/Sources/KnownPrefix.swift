internal import Codec
internal import Crypto
package import Bytes
package import Disk

/// Tells with which bytes, as stored, a file begins, to find it again among those that were read.
package struct KnownPrefix {
  private let file: File
  /// Its first bytes, at most `InputFacts.keptBeginning` of them.
  package let first: [UInt8]
  /// Its length in bytes.
  package let size: Int64

  /// Opens a regular file; nil for anything else.
  package init?(_ disk: Disk, _ path: String) throws(DiskError) {
    // Not opened before that is known: whoever writes to a pipe would find its reader gone.
    guard try disk.stat(path).kind == .regular else { return nil }
    let file = try disk.open(path)
    let status = try file.status()
    self.file = file
    size = status.size
    var buffer = ByteBuffer(capacity: InputFacts.keptBeginning)
    _ = try file.pread(into: &buffer, upTo: InputFacts.keptBeginning, at: 0)
    first = buffer.bytes
  }

  /// True if it is compressed.
  package var isCompressed: Bool {
    first.withUnsafeBufferPointer { CompressionFormat.ofInput(beginning: $0) ?? .none } != .none
  }

  /// The digests of the first bytes, for each of `lengths`; nil for those that the file does not have.
  package func digests(ofFirst lengths: Set<Int64>) throws(DiskError) -> [Int64: Digest256] {
    var found: [Int64: Digest256] = [:]
    var hasher = SHA256Hasher()
    var buffer = ByteBuffer(capacity: 1 << 20)
    var done: Int64 = 0
    for length in lengths.sorted() where length <= size {
      while done < length {
        buffer.removeAll()
        let count = try file.pread(
          into: &buffer, upTo: Int(min(length - done, 1 << 20)), at: done)
        if count == 0 { return found }
        hasher.update(buffer.view)
        done += Int64(count)
      }
      found[length] = hasher.copy().finalize()
    }
    return found
  }
}
