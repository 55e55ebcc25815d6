internal import Bytes

/// A checksum of bytes that come in pieces, by which a reader that needs no digest finds out whether a file
/// still holds what it read. It costs next to nothing, and withstands accidents, not forgers.
struct ReadChecksum: ~Copyable {
  private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let block = 128

  private var lanes = SIMD16<UInt64>(repeating: 1)
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
      Self.mix(rest.view, from: 0, &lanes)
      rest.removeAll()
    }
    while at + Self.block <= bytes.count {
      Self.mix(bytes, from: at, &lanes)
      at += Self.block
    }
    if at < bytes.count { rest.append(ByteView(rebasing: bytes[at...])) }
  }

  /// The checksum of all bytes so far.
  var value: UInt64 {
    var result = lanes
    if rest.count > 0 {
      var last = ByteBuffer(capacity: Self.block)
      last.append(rest.view)
      last.append(zeros: Self.block - rest.count)
      Self.mix(last.view, from: 0, &result)
    }
    var value = UInt64(truncatingIfNeeded: length)
    for lane in 0..<16 {
      value = (value ^ result[lane]) &* Self.factor
      value ^= value >> 29
    }
    return value
  }

  @inline(__always) private static func mix(
    _ bytes: ByteView, from start: Int, _ lanes: inout SIMD16<UInt64>
  ) {
    guard let base = bytes.baseAddress else { return }
    let words = UnsafeRawPointer(base + start).loadUnaligned(as: SIMD16<UInt64>.self)
    // Rotated, so that the order counts.
    lanes = (lanes &<< 5 | lanes &>> 59) &+ words
  }
}
