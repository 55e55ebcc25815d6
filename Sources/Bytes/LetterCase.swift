/// Text without the difference between capital and small letters, and between the ways in which Unicode can
/// write the same letter (`é` as one character, or as `e` and an accent).
///
/// Each character becomes one character (Unicode's simple mappings: to upper case, then to lower case, so
/// that `ς` and `σ` are one), wherever it stands and in whatever language. What has no counterpart of one
/// character (`ß`) stays, and so do two letters that only Turkish takes for cases of others (`İ`, `ı`).
public enum LetterCase {
  /// The character that stands for `scalar` and all that differ from it in case alone.
  public static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII {
      let isCapital = (0x41...0x5A).contains(scalar.value)
      return isCapital ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
    }
    guard scalar.value != 0x131 else { return scalar }
    let upper = single(scalar.properties.uppercaseMapping) ?? scalar
    return single(upper.properties.lowercaseMapping) ?? scalar
  }

  private static func single(_ mapping: String) -> Unicode.Scalar? {
    mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first : nil
  }

  /// The text with all characters folded, in normal form C.
  public static func folded(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    guard text.utf8.contains(where: { $0 >= 0x80 }) else {
      for scalar in text.unicodeScalars { result.append(folded(scalar)) }
      return String(result)
    }
    for scalar in UTF8Text.composed(text).unicodeScalars { result.append(folded(scalar)) }
    return UTF8Text.composed(String(result))
  }

  /// Calls `body` with the folded text, as `folded` gives it. In text that is no UTF-8 the bytes that are
  /// none stay as they are, and normal forms too.
  public static func withFolded<Result>(
    _ text: ByteView, _ body: (ByteView) -> Result
  ) -> Result {
    if text.contains(where: { $0 >= 0x80 }), UTF8Text.isValid(text) {
      var folded = folded(String(decoding: text, as: UTF8.self))
      return folded.withUTF8(body)
    }
    return withFoldedBytes(text, body)
  }

  private static func withFoldedBytes<Result>(
    _ text: ByteView, _ body: (ByteView) -> Result
  ) -> Result {
    // No character becomes more than one byte longer, and those that do have two already.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * text.count) { buffer in
      var count = 0
      var at = 0
      while at < text.count {
        let length = UTF8Text.sequenceLength(text, at)
        if length <= 1 {
          let isCapital = text[at] >= 0x41 && text[at] <= 0x5A
          buffer[count] = isCapital ? text[at] | 0x20 : text[at]
          count += 1
          at += 1
          continue
        }
        for scalar in String(decoding: text[at..<at + length], as: UTF8.self).unicodeScalars {
          for byte in UTF8.encode(folded(scalar)) ?? UTF8.encodedReplacementCharacter
          where count < buffer.count {
            buffer[count] = byte
            count += 1
          }
        }
        at += length
      }
      return body(ByteView(rebasing: buffer[..<count]))
    }
  }
}
