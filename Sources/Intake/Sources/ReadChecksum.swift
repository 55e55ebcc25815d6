internal import Bytes

/// A checksum of bytes that come in pieces, by which a reader that needs no digest finds out whether a file
/// still holds what it read. It costs next to nothing, and withstands accidents, not forgers.
///
/// That of J. G. Fletcher (An Arithmetic Checksum for Serial Transmissions, IEEE Transactions on
/// Communications 30, 1982): the sum of the words, and the sum of these sums, so that the order counts;
/// here in eight lanes of 64 bits, modulo 2^64.
struct ReadChecksum: ~Copyable {
  private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let block = 64

  /// The sums of a lane each.
  private struct Sums {
    var words = SIMD8<UInt64>(repeating: 1)
    var sums = SIMD8<UInt64>(repeating: 0)

    /// Adds whole blocks.
    @inline(__always) mutating func add(_ bytes: ByteView) {
      guard let base = UnsafeRawPointer(bytes.baseAddress) else { return }
      var (words, sums) = (words, sums)
      for start in stride(from: 0, to: bytes.count, by: ReadChecksum.block) {
        words &+= (base + start).loadUnaligned(as: SIMD8<UInt64>.self)
        sums &+= words
      }
      (self.words, self.sums) = (words, sums)
    }
  }

  private var sums = Sums()
  private var rest = ByteBuffer(capacity: ReadChecksum.block)
  private var length = 0

  init() {}

  /// Adds bytes; how they are cut makes no difference.
  mutating func update(_ bytes: ByteView) {
    length &+= bytes.count
    var at = 0
    if rest.count > 0 {
      at = min(Self.block - rest.count, bytes.count)
      rest.append(ByteView(rebasing: bytes[..<at]))
      guard rest.count == Self.block else { return }
      sums.add(rest.view)
      rest.removeAll()
    }
    let blocks = (bytes.count - at) / Self.block * Self.block
    sums.add(ByteView(rebasing: bytes[at..<at + blocks]))
    at += blocks
    if at < bytes.count { rest.append(ByteView(rebasing: bytes[at...])) }
  }

  /// The checksum of all bytes so far.
  var value: UInt64 {
    var result = sums
    if rest.count > 0 {
      var last = ByteBuffer(capacity: Self.block)
      last.append(rest.view)
      last.append(zeros: Self.block - rest.count)
      result.add(last.view)
    }
    var value = UInt64(truncatingIfNeeded: length)
    for lane in 0..<8 {
      for sum in [result.words[lane], result.sums[lane]] {
        value = (value ^ sum) &* Self.factor
        value ^= value >> 29
      }
    }
    return value
  }
}
