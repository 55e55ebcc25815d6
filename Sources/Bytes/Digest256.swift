/// A SHA-256 digest: 32 bytes, flat, ordered as its bytes are.
@frozen public struct Digest256: BitwiseCopyable, Hashable, Sendable, Comparable {
  /// The bytes as four big-endian numbers, first bytes first.
  public var words: (UInt64, UInt64, UInt64, UInt64) { (first, second, third, fourth) }

  @usableFromInline let first: UInt64
  @usableFromInline let second: UInt64
  @usableFromInline let third: UInt64
  @usableFromInline let fourth: UInt64

  /// The digest whose bytes are those of four big-endian numbers.
  @inlinable public init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
    self.first = first
    self.second = second
    self.third = third
    self.fourth = fourth
  }

  /// The digest with these 32 bytes; nil if there are more or fewer.
  @inlinable public init?(_ bytes: ByteView) {
    guard bytes.count == 32, let start = bytes.baseAddress else { return nil }
    self.init(loading: start)
  }

  /// The digest whose 32 bytes begin at `start`.
  @inlinable init(loading start: UnsafeRawPointer) {
    self.init(
      UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
      UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
      UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
      UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 24, as: UInt64.self)))
  }

  /// The digest that 64 hexadecimal digits of either case stand for; nil for anything else.
  public init?(hex: ByteView) {
    guard hex.count == 64 else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for (index, byte) in hex.enumerated() {
      guard let digit = Hex.digit(byte) else { return nil }
      switch index >> 4 {
      case 0: words.0 = words.0 << 4 | UInt64(digit)
      case 1: words.1 = words.1 << 4 | UInt64(digit)
      case 2: words.2 = words.2 << 4 | UInt64(digit)
      default: words.3 = words.3 << 4 | UInt64(digit)
      }
    }
    self.init(words.0, words.1, words.2, words.3)
  }

  /// Calls `body` with the 32 bytes.
  @inlinable public func withBytes<Result, Failure: Error>(
    _ body: (ByteView) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let stored = (first.bigEndian, second.bigEndian, third.bigEndian, fourth.bigEndian)
    return try withUnsafePointer(to: stored) { (pointer) throws(Failure) -> Result in
      let start = UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self)
      return try body(ByteView(start: start, count: 32))
    }
  }

  /// Appends 64 lower-case hexadecimal digits.
  public func append(hexTo buffer: inout ByteBuffer) {
    withBytes { Hex.append($0, to: &buffer) }
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String {
    var buffer = ByteBuffer(capacity: 64)
    append(hexTo: &buffer)
    return String(decoding: buffer.view, as: UTF8.self)
  }

  /// Orders as the bytes are ordered.
  @inlinable public static func < (left: Digest256, right: Digest256) -> Bool {
    left.words < right.words
  }
}
