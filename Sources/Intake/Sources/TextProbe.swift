internal import Crypto
package import Bytes
package import Disk

/// A look at an input's text before it is read: how it begins, and the digests of its first bytes.
package final class TextProbe {
  private static let piece = 256 << 10

  /// Its first bytes, at most `InputFacts.keptBeginning` of them.
  package let first: [UInt8]
  private let stream: InputStream
  private var hasher = SHA256Hasher()
  /// Text that was read and is not hashed yet.
  private var held = ByteBuffer(capacity: InputFacts.keptBeginning)
  private var heldStart = 0
  /// Bytes hashed.
  private var position: Int64 = 0
  private var isEnded = false

  /// Looks at a file.
  package convenience init(_ disk: Disk, _ path: String) throws {
    try self.init(StoredBytes(disk, path, InputProgress()))
  }

  init(_ bytes: StoredBytes) throws {
    // Damage is the business of who reads.
    stream = try InputStream(bytes, damaged: .salvage, isDigested: false)
    while held.count < InputFacts.keptBeginning,
      try stream.read(into: &held, upTo: InputFacts.keptBeginning - held.count) > 0
    {}
    first = held.bytes
  }

  /// True if it is compressed.
  package var isCompressed: Bool { stream.facts.isCompressed }

  /// The digest of its first `length` bytes; nil if there are fewer. To be asked for ever more bytes.
  package func digest(ofFirst length: Int64) throws -> Digest256? {
    while position < length {
      guard try more() else { return nil }
      let count = min(Int64(held.count - heldStart), length - position)
      hasher.update(ByteView(start: held.base + heldStart, count: Int(count)))
      heldStart += Int(count)
      position += count
    }
    return position == length ? hasher.copy().finalize() : nil
  }

  /// How long the text is, if that showed when the digests were taken: nil if there is more of it than was
  /// asked for.
  package func length() throws -> Int64? {
    guard try !more() else { return nil }
    return stream.facts.damage == nil ? position : nil
  }

  /// Length and digest of the whole text; nil if it is damaged.
  package func whole() throws -> (length: Int64, digest: Digest256)? {
    while try more() { _ = try digest(ofFirst: position + Int64(held.count - heldStart)) }
    return try length().map { ($0, hasher.copy().finalize()) }
  }

  /// Looks no more.
  package func close() throws { try stream.abandon() }

  /// True if there is text that is not hashed.
  private func more() throws -> Bool {
    if heldStart < held.count { return true }
    guard !isEnded else { return false }
    held.removeAll()
    heldStart = 0
    if try stream.read(into: &held, upTo: Self.piece) == 0 { isEnded = true }
    return !isEnded
  }
}
