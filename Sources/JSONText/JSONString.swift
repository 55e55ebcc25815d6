public import Bytes

/// Strings as they stand in JSON text: taken apart and put together.
public enum JSONString {
  /// Appends what the content of a valid JSON string (without its quotes) stands for.
  ///
  /// An escaped surrogate without its partner, which RFC 8259 allows and UTF-8 cannot say, becomes
  /// U+FFFD; false if there was one.
  @discardableResult
  public static func unescape(_ content: ByteView, into buffer: inout ByteBuffer) -> Bool {
    buffer.reserve(content.count)
    var isExact = true
    var at = 0
    var plain = 0
    while at < content.count {
      guard content[at] == UInt8(ascii: "\\"), at + 1 < content.count else {
        at += 1
        continue
      }
      buffer.append(ByteView(rebasing: content[plain..<at]))
      at = unescapeOne(content, at, into: &buffer, &isExact)
      plain = at
    }
    buffer.append(ByteView(rebasing: content[plain...]))
    return isExact
  }

  /// Handles the escape sequence at `at` and returns the offset behind it.
  private static func unescapeOne(
    _ content: ByteView, _ at: Int, into buffer: inout ByteBuffer, _ isExact: inout Bool
  ) -> Int {
    switch content[at + 1] {
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "u"):
      let high = escapedUnit(content, at) ?? 0xFFFD
      if let low = escapedUnit(content, at + 6), let pair = scalar(high, low) {
        append(pair, to: &buffer)
        return at + 12
      }
      // A scalar is anything but half of a surrogate pair.
      let single = Unicode.Scalar(high)
      if single == nil { isExact = false }
      append(single ?? "\u{FFFD}", to: &buffer)
      return min(at + 6, content.count)
    case let other: buffer.append(other)
    }
    return at + 2
  }

  /// The character of two UTF-16 code units; nil if they are no surrogate pair.
  public static func scalar(_ high: UInt32, _ low: UInt32) -> Unicode.Scalar? {
    guard high & 0xFC00 == 0xD800, low & 0xFC00 == 0xDC00 else { return nil }
    return Unicode.Scalar(0x10000 + (high & 0x3FF) << 10 + (low & 0x3FF))
  }

  /// The UTF-16 code unit of the escape `\uXXXX` at `at`; nil if none stands there.
  @inlinable public static func escapedUnit(_ content: ByteView, _ at: Int) -> UInt32? {
    guard at + 6 <= content.count, content[at] == UInt8(ascii: "\\"),
      content[at + 1] == UInt8(ascii: "u")
    else { return nil }
    var value: UInt32 = 0
    for position in at + 2..<at + 6 {
      guard let digit = Hex.digit(content[position]) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private static func append(_ scalar: Unicode.Scalar, to buffer: inout ByteBuffer) {
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { buffer.append(byte) }
  }

  /// Appends `text` (UTF-8) as a JSON string, with its quotes. Escapes what must be escaped and,
  /// because terminals and line-oriented tools read the output, DEL and the C1 controls too.
  /// Bytes that are no UTF-8 become U+FFFD.
  public static func append(quoting text: ByteView, to buffer: inout ByteBuffer) {
    buffer.append(UInt8(ascii: "\""))
    var at = 0
    var plain = 0
    while at < text.count {
      let byte = text[at]
      if byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
        at += 1
        continue
      }
      let length = byte < 0x80 ? 1 : UTF8Text.sequenceLength(text, at)
      if length > 1 && !(byte == 0xC2 && text[at + 1] < 0xA0) {
        at += length
        continue
      }
      buffer.append(ByteView(rebasing: text[plain..<at]))
      if byte < 0x80 {
        appendEscape(byte, to: &buffer)
      } else if length == 2 {
        appendEscape(text[at + 1], to: &buffer)
      } else {
        buffer.append("\u{FFFD}" as StaticString)
      }
      at += max(length, 1)
      plain = at
    }
    buffer.append(ByteView(rebasing: text[plain...]))
    buffer.append(UInt8(ascii: "\""))
  }

  /// Appends `text` as a JSON string.
  public static func append(quoting text: String, to buffer: inout ByteBuffer) {
    var text = text
    text.withUTF8 { append(quoting: $0, to: &buffer) }
  }

  private static func appendEscape(_ byte: UInt8, to buffer: inout ByteBuffer) {
    switch byte {
    case UInt8(ascii: "\""): buffer.append("\\\"")
    case UInt8(ascii: "\\"): buffer.append("\\\\")
    case 0x08: buffer.append("\\b")
    case 0x09: buffer.append("\\t")
    case 0x0A: buffer.append("\\n")
    case 0x0C: buffer.append("\\f")
    case 0x0D: buffer.append("\\r")
    default:
      buffer.append("\\u00")
      withUnsafeBytes(of: byte) { Hex.append($0.bindMemory(to: UInt8.self), to: &buffer) }
    }
  }
}
