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
  ///
  /// With `secrets`, other characters count that secrets are known by: a quote, a colon, a slash and others.
  static func hidesBehindBackslash(_ text: ByteView, secrets: Bool = false) -> Bool {
    guard let base = text.baseAddress else { return false }
    var at = 0
    while let slash = TokenText.next(UInt8(ascii: "\\"), base, from: at, to: text.count) {
      if isPlain(text, slash) {
        at = slash + 2
        continue
      }
      let (character, length) = escape(text, slash)
      at = slash + length
      // What it stands for may begin another escape.
      let isSign = character == UInt8(ascii: "%") || length == 6 && character == UInt8(ascii: "\\")
      if isLetter(character) || isSign { return true }
      if secrets, isOfSecrets(text, slash, character, length) { return true }
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

  /// True if what follows the backslash makes it an escape that hides nothing: of a quote or a control
  /// character, or of a backslash with which nothing begins.
  @inline(__always) private static func isPlain(_ text: ByteView, _ slash: Int) -> Bool {
    guard slash + 1 < text.count else { return false }
    switch text[slash + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"),
      UInt8(ascii: "b"), UInt8(ascii: "f"):
      return true
    case UInt8(ascii: "\\"):
      return slash + 2 >= text.count
        || text[slash + 2] != UInt8(ascii: "u") && text[slash + 2] != UInt8(ascii: "/")
    default: return false
    }
  }

  /// True if the escape at `slash` stands for a character that a secret may be known by. `\/` is that only
  /// where it is one of two slashes, or behind a colon: many encoders write all slashes like this.
  private static func isOfSecrets(
    _ text: ByteView, _ slash: Int, _ character: UInt8, _ length: Int
  ) -> Bool {
    switch character {
    case UInt8(ascii: "/") where length == 2:
      isBehindColon(text, slash) || isSlash(text, slash + 2)
    case UInt8(ascii: "\\") where length == 2:
      slash + 2 < text.count && text[slash + 2] == UInt8(ascii: "/") && isBehindColon(text, slash)
    case UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "@"),
      UInt8(ascii: " "), UInt8(ascii: "+"), UInt8(ascii: "="):
      length == 6
    default: false
    }
  }

  /// True if a slash stands at `at`, perhaps as an escape.
  private static func isSlash(_ text: ByteView, _ at: Int) -> Bool {
    var at = at
    let limit = min(text.count, at + UndoneText.mostLevels)
    while at < limit, text[at] == UInt8(ascii: "\\") { at += 1 }
    return at < text.count && text[at] == UInt8(ascii: "/")
      || percentEscape(text, at) == UInt8(ascii: "/")
  }

  /// True if a colon stands before `at`, with nothing but backslashes between.
  private static func isBehindColon(_ text: ByteView, _ at: Int) -> Bool {
    var before = at - 1
    let limit = max(0, at - UndoneText.mostLevels)
    while before > limit, text[before] == UInt8(ascii: "\\") { before -= 1 }
    return before >= 0 && text[before] == UInt8(ascii: ":")
  }

  /// True if the text has a character that can be in a token as a URL may have it: `%2E`.
  ///
  /// With `secrets`, other characters count that secrets are known by, where they can be part of one: of two
  /// slashes one, the space behind `Basic`, signs of base64 behind letters of it, a quote.
  static func hidesBehindPercent(_ text: ByteView, secrets: Bool = false) -> Bool {
    guard let base = text.baseAddress else { return false }
    var at = 0
    while let percent = TokenText.next(UInt8(ascii: "%"), base, from: at, to: text.count) {
      if let character = percentEscape(text, percent) {
        if isLetter(character) || character == UInt8(ascii: "%") || character == UInt8(ascii: "\\")
        {
          return true
        }
        if secrets, isOfSecrets(text, percent, character) { return true }
      }
      at = percent + 1
    }
    return false
  }

  /// Letters of base64 before a sign of it, that make it one of a secret.
  private static let mostBefore = 8

  private static func isOfSecrets(_ text: ByteView, _ percent: Int, _ character: UInt8) -> Bool {
    switch character {
    case UInt8(ascii: "/"), UInt8(ascii: ":"):
      isSlash(text, percent + 3) || percent > 0 && text[percent - 1] == UInt8(ascii: ":")
    case UInt8(ascii: " "): percent > 0 && text[percent - 1] | 0x20 == UInt8(ascii: "c")
    case UInt8(ascii: "+"), UInt8(ascii: "="):
      percent >= mostBefore
        && text[percent - mostBefore..<percent].allSatisfy { SecretAlphabet.base64.contains($0) }
    case UInt8(ascii: "\""), UInt8(ascii: "-"): true
    default: false
    }
  }

  /// The ASCII character that the escape at `at` stands for, a line feed for all control characters and 0xFF
  /// for what is no ASCII, and the escape's length; what is no escape of JSON is not longer than two bytes
  /// either.
  static func escape(
    _ text: ByteView, _ at: Int
  ) -> (character: UInt8, length: Int) {
    guard let unit = JSONString.escapedUnit(text, at) else {
      guard at + 1 < text.count else { return (0x0A, 1) }
      switch text[at + 1] {
      case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "/"): return (text[at + 1], 2)
      default: return (0x0A, 2)
      }
    }
    return (unit >= 0x80 ? 0xFF : unit < 0x20 ? 0x0A : UInt8(unit), 6)
  }

  /// The ASCII character that `%` and two hexadecimal digits at `at` stand for; nil if they stand for none.
  static func percentEscape(_ text: ByteView, _ at: Int) -> UInt8? {
    guard at + 2 < text.count, let high = Hex.digit(text[at + 1]), high < 8,
      let low = Hex.digit(text[at + 2])
    else { return nil }
    return high << 4 | low
  }
}
