internal import Bytes
internal import JSONText

/// Escapes behind which letters and dots of tokens may hide: those of JSON, and those of URLs.
enum TokenEscapes {
  private static func isLetter(_ byte: UInt8) -> Bool {
    TokenText.isDigit(byte) || byte == UInt8(ascii: ".")
  }

  /// True if the text must be looked at with its escapes of JSON undone: if one stands for a character that
  /// can be in a token, or for a backslash with which it is one, or its last digit looks like the beginning
  /// of a header. Without them both looks find the same; so others cost nothing, such as the `\u0026` that
  /// many encoders write for `&`.
  static func hidesBehindBackslash(_ text: ByteView) -> Bool {
    guard let base = text.baseAddress else { return false }
    var at = 0
    while let slash = TokenText.next(UInt8(ascii: "\\"), base, from: at, to: text.count) {
      let (character, length) = escape(text, slash)
      at = slash + length
      // What it stands for may begin another escape.
      let isSign = character == UInt8(ascii: "%") || length == 6 && character == UInt8(ascii: "\\")
      if isLetter(character) || isSign { return true }
      guard at < text.count else { return false }
      if TokenText.canBegin(text[at - 1], text[at]) || text[at - 1] == UInt8(ascii: ".") {
        return true
      }
      if character == UInt8(ascii: "\\"), text[at] == UInt8(ascii: "u"),
        let inner = JSONString.escapedUnit(text, at - 1), inner < 0x80,
        isLetter(UInt8(inner)) || inner == UInt32(UInt8(ascii: "%"))
      {
        return true
      }
    }
    return false
  }

  /// True if the text has a character that can be in a token as a URL may have it: `%2E`.
  static func hidesBehindPercent(_ text: ByteView) -> Bool {
    guard let base = text.baseAddress else { return false }
    var at = 0
    while let percent = TokenText.next(UInt8(ascii: "%"), base, from: at, to: text.count) {
      if let character = percentEscape(text, percent) {
        if isLetter(character) || character == UInt8(ascii: "%") || character == UInt8(ascii: "\\")
        {
          return true
        }
      }
      at = percent + 1
    }
    return false
  }

  /// The ASCII character that the escape at `at` stands for, a line feed where it is in no token, and the
  /// escape's length; what is no escape of JSON is not longer than two bytes either.
  static func escape(
    _ text: ByteView, _ at: Int
  ) -> (character: UInt8, length: Int) {
    guard let unit = JSONString.escapedUnit(text, at) else {
      let isBackslash = at + 1 < text.count && text[at + 1] == UInt8(ascii: "\\")
      return (isBackslash ? UInt8(ascii: "\\") : 0x0A, min(2, text.count - at))
    }
    return (unit < 0x80 ? UInt8(unit) : 0x0A, 6)
  }

  /// The ASCII character that `%` and two hexadecimal digits at `at` stand for; nil if they stand for none.
  static func percentEscape(_ text: ByteView, _ at: Int) -> UInt8? {
    guard at + 2 < text.count, let high = Hex.digit(text[at + 1]), high < 8,
      let low = Hex.digit(text[at + 2])
    else { return nil }
    return high << 4 | low
  }
}
