// The standard library normalizes text to compare it, and gives out how under this name alone.
@_spi(_Unicode) internal import Swift

/// UTF-8 as bytes.
public enum UTF8Text {
  /// `text` in Unicode's normal form C: of the ways to write an accent, or a syllable, the one with the
  /// fewest characters. Texts that mean the same are then the same bytes.
  public static func composed(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
    var composed = String.UnicodeScalarView()
    for scalar in text._nfc { composed.append(scalar) }
    return String(composed)
  }

  /// Length of the well-formed sequence at `at` (1 to 4), 0 if there is none (Unicode 15, table 3-7).
  public static func sequenceLength(_ text: ByteView, _ at: Int) -> Int {
    let left = text.count - at
    guard left > 0 else { return 0 }
    let first = text[at]
    if first < 0x80 { return 1 }
    guard left > 1, text[at + 1] & 0xC0 == 0x80 else { return 0 }
    let second = text[at + 1]
    switch first {
    case 0xC2...0xDF:
      return 2
    case 0xE0...0xEF:
      guard left > 2, text[at + 2] & 0xC0 == 0x80 else { return 0 }
      if first == 0xE0 && second < 0xA0 || first == 0xED && second > 0x9F { return 0 }
      return 3
    case 0xF0...0xF4:
      guard left > 3, text[at + 2] & 0xC0 == 0x80, text[at + 3] & 0xC0 == 0x80 else { return 0 }
      if first == 0xF0 && second < 0x90 || first == 0xF4 && second > 0x8F { return 0 }
      return 4
    default:
      return 0
    }
  }

  /// True if all of `text` is well-formed.
  public static func isValid(_ text: ByteView) -> Bool {
    var at = 0
    while at < text.count {
      let length = sequenceLength(text, at)
      if length == 0 { return false }
      at += length
    }
    return true
  }
}
