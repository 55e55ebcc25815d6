internal import Crypto
package import Bytes
package import Disk

/// How far an input was read by an earlier run.
package struct InputContinuation: Equatable, Sendable {
  /// Bytes as stored.
  package var bytes: Int
  /// Bytes of its text; those bytes themselves where the input is not compressed.
  package var text: Int
  /// Records in it.
  package var records: Int
  /// How its records stood in it.
  package var format: InputFormat
  /// True if it is compressed.
  package var isGzip: Bool
  /// Its first bytes, at most `InputFacts.keptBeginning` of them.
  package var first: [UInt8]
  /// SHA-256 of the bytes before it, as stored: a file that was replaced meanwhile has another.
  package var digest: Digest256

  /// A place in an input.
  package init(
    bytes: Int, text: Int, records: Int, format: InputFormat, isGzip: Bool, first: [UInt8],
    digest: Digest256
  ) {
    self.digest = digest
    self.bytes = bytes
    self.text = text
    self.records = records
    self.format = format
    self.isGzip = isGzip
    self.first = first
  }
}

/// What an earlier run has to do with an input.
package enum InputHistory: Equatable, Sendable {
  /// All of it was read.
  case known
  /// It was read up to here.
  case continued(InputContinuation)
}

/// Tells what a file begins with, to find it again among those that were read.
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
