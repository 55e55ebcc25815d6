internal import Platform

extension UnsafeBufferPointer where Element == UInt8 {
  /// Where the first `byte` at or behind `from`, which is not negative, is; nil if there is none.
  public func place(of byte: UInt8, from: Int = 0) -> Int? {
    guard from < count, let start = baseAddress,
      let found = memchr(start + from, Int32(byte), count - from)
    else { return nil }
    return UnsafeRawPointer(start).distance(to: UnsafeRawPointer(found))
  }

  /// How many bytes are counted by `isCounted`, which says 1 for those and 0 for others.
  @inlinable public func total(_ isCounted: (UInt8) -> UInt8) -> Int {
    var total = 0
    var start = 0
    while start < count {
      // So short that the count fits a byte: then the compiler compares 16 bytes at once.
      let end = Swift.min(start + 128, count)
      var some: UInt8 = 0
      for byte in ByteView(rebasing: self[start..<end]) { some &+= isCounted(byte) }
      total += Int(some)
      start = end
    }
    return total
  }

  /// Calls `body` with each line, without its line feed, and with what follows the last one if that is not
  /// empty.
  public func forEachLine(_ body: (ByteView) throws -> Void) rethrows {
    var at = 0
    while at < count {
      let end = place(of: 0x0A, from: at) ?? count
      try body(ByteView(rebasing: self[at..<end]))
      at = end + 1
    }
  }
}

/// Bytes that are looked for in many texts.
public struct ByteNeedle: Sendable {
  /// The bytes.
  public let bytes: [UInt8]
  /// Where the byte is that is looked for first: the one that texts have least of.
  private let rare: Int

  /// Prepares to look for `bytes`.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    rare = bytes.indices.min { ByteNeedle.rank(bytes[$0]) < ByteNeedle.rank(bytes[$1]) } ?? 0
  }

  /// How common a byte is in JSON, roughly.
  private static func rank(_ byte: UInt8) -> Int {
    switch byte {
    case 0x61...0x7A: "etaoinsrcdlup".utf8.contains(byte) ? 5 : 3
    case 0x30...0x39: 4
    case 0x2D, 0x2E, 0x2F, 0x3A, 0x5F, 0x2C, 0x7B, 0x7D, 0x20, 0x22: 4
    case 0x41...0x5A: 2
    default: 1
    }
  }

  /// True if the bytes are somewhere in the text; no bytes are everywhere. (memmem would do the same, and is
  /// an extension of glibc that Swift hides.)
  public func isIn(_ text: ByteView) -> Bool {
    guard !bytes.isEmpty else { return true }
    guard let start = text.baseAddress, text.count >= bytes.count else { return false }
    let last = text.count - (bytes.count - rare)
    var at = rare
    return bytes.withUnsafeBufferPointer { bytes in
      guard let wanted = bytes.baseAddress else { return true }
      while at <= last, let found = memchr(start + at, Int32(wanted[rare]), last - at + 1) {
        let place = UnsafeRawPointer(start).distance(to: UnsafeRawPointer(found))
        if memcmp(start + place - rare, wanted, bytes.count) == 0 { return true }
        at = place + 1
      }
      return false
    }
  }
}
