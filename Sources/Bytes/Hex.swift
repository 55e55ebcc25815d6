/// Lower-case hexadecimal, two digits a byte.
public enum Hex {
  @usableFromInline static let digits: StaticString = "0123456789abcdef"

  /// Appends `bytes` as hexadecimal digits.
  public static func append(_ bytes: ByteView, to buffer: inout ByteBuffer) {
    buffer.reserve(bytes.count * 2)
    let digits = digits.utf8Start
    var out = buffer.base + buffer.count
    for byte in bytes {
      out[0] = digits[Int(byte >> 4)]
      out[1] = digits[Int(byte & 15)]
      out += 2
    }
    buffer.advance(by: bytes.count * 2)
  }

  /// `bytes` as a string of hexadecimal digits.
  public static func string(_ bytes: [UInt8]) -> String {
    var buffer = ByteBuffer(capacity: bytes.count * 2)
    bytes.withUnsafeBufferPointer { append($0, to: &buffer) }
    return String(decoding: buffer.view, as: UTF8.self)
  }

  /// The bytes that an even number of lower- or upper-case digits stand for; nil for anything else.
  public static func decode(_ text: ByteView) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    var at = 0
    while at < text.count {
      guard let high = digit(text[at]), let low = digit(text[at + 1]) else { return nil }
      bytes.append(high << 4 | low)
      at += 2
    }
    return bytes
  }

  /// The value of one digit of either case; nil if it is none.
  @inlinable public static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): return byte &- UInt8(ascii: "A") &+ 10
    default: return nil
    }
  }
}
