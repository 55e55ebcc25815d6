public import Crypto
public import Bytes

/// A name in the place of a value: equal for equal values, so that one can still count and join, and
/// no way back without the key.
public enum Pseudonym {
  /// What a pseudonym begins with.
  public static let mark: StaticString = "hmac-sha256:"

  /// Appends `"hmac-sha256:…"`, a JSON string with the HMAC-SHA-256 of `value` in hexadecimal.
  public static func append(of value: ByteView, key: HMACKey, to buffer: inout ByteBuffer) {
    buffer.append(UInt8(ascii: "\""))
    append(textOf: value, key: key, to: &buffer)
    buffer.append(UInt8(ascii: "\""))
  }

  /// Appends the pseudonym as it is, without quotes.
  public static func append(textOf value: ByteView, key: HMACKey, to buffer: inout ByteBuffer) {
    buffer.append(mark)
    key.authenticate(value).withUnsafeBufferPointer { Hex.append($0, to: &buffer) }
  }

  /// True for the text of a pseudonym.
  public static func isOne(_ text: ByteView) -> Bool {
    let mark = ByteView(start: mark.utf8Start, count: mark.utf8CodeUnitCount)
    guard text.count == mark.count + 64, text.starts(with: mark) else { return false }
    return text[mark.count...].allSatisfy { Hex.digit($0) != nil && !(0x41...0x46).contains($0) }
  }
}
