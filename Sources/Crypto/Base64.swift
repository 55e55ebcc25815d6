public import Bytes

/// Base64 of RFC 4648, section 4, with padding, to the letter.
///
/// libcrypto's decoder skips white space and does not look at unused bits, so that several texts
/// would stand for the same bytes; this one takes only what `append(encoding:to:)` writes.
public enum Base64 {
  private static let alphabet: StaticString =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  private static let pad = UInt8(ascii: "=")
  private static let invalid: UInt8 = 0xff

  /// The value of every byte as a digit, or `invalid`.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: invalid, count: 256)
    for value in 0..<64 { values[Int(alphabet.utf8Start[value])] = UInt8(value) }
    return values
  }()

  /// Appends the text that stands for `bytes`.
  public static func append(encoding bytes: ByteView, to buffer: inout ByteBuffer) {
    let digits = alphabet.utf8Start
    buffer.reserve((bytes.count + 2) / 3 * 4)
    var at = 0
    while at < bytes.count {
      let present = min(3, bytes.count - at)
      var group = UInt32(bytes[at]) << 16
      if present > 1 { group |= UInt32(bytes[at + 1]) << 8 }
      if present > 2 { group |= UInt32(bytes[at + 2]) }
      buffer.append(digits[Int(group >> 18)])
      buffer.append(digits[Int(group >> 12 & 63)])
      buffer.append(present > 1 ? digits[Int(group >> 6 & 63)] : pad)
      buffer.append(present > 2 ? digits[Int(group & 63)] : pad)
      at += 3
    }
  }

  /// Appends the bytes that `text` stands for; returns nil, and appends nothing, if it is not valid.
  ///
  /// `text` must not lie in `buffer`. Returns the number of bytes appended.
  public static func append(decoding text: ByteView, to buffer: inout ByteBuffer) -> Int? {
    guard text.count % 4 == 0 else { return nil }
    let padding = text.suffix(2).reversed().prefix { $0 == pad }.count
    let before = buffer.count
    buffer.reserve(text.count / 4 * 3)
    let isValid = values.withUnsafeBufferPointer { values in
      decode(text, padding: padding, values, to: &buffer)
    }
    guard isValid else {
      buffer.truncate(to: before)
      return nil
    }
    return buffer.count - before
  }

  private static func decode(
    _ text: ByteView, padding: Int, _ values: UnsafeBufferPointer<UInt8>,
    to buffer: inout ByteBuffer
  ) -> Bool {
    let digits = text.count - padding
    var at = 0
    while at < digits {
      let present = min(4, digits - at)
      var group: UInt32 = 0
      var seen: UInt8 = 0
      for offset in 0..<4 {
        let value = offset < present ? values[Int(text[at + offset])] : 0
        seen |= value
        group = group << 6 | UInt32(value & 63)
      }
      // A digit has no more than six bits; those beyond the last whole byte must be zero.
      guard seen < 64, group & (0xff_ffff >> UInt32(8 * (present - 1))) == 0 || present == 4
      else { return false }
      buffer.append(UInt8(truncatingIfNeeded: group >> 16))
      if present > 2 { buffer.append(UInt8(truncatingIfNeeded: group >> 8)) }
      if present > 3 { buffer.append(UInt8(truncatingIfNeeded: group)) }
      at += 4
    }
    return true
  }
}
