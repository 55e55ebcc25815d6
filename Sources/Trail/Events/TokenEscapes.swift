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
  /// With `secrets`, other characters count that the anchors of secrets have: slashes and colons side by
  /// side, and all that nobody escapes without need. Whether another escape is part of a secret shows at an
  /// anchor: see `SecretFinder.meetsEscape`.
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
      let isSign = character == UInt8(ascii: "%") || length > 2 && character == UInt8(ascii: "\\")
      if isLetter(character) || isSign { return true }
      if secrets, isOfSecrets(text, slash, character, length) { return true }
      guard at < text.count else { return false }
      if TokenText.canBegin(text[at - 1], text[at]) || text[at - 1] == UInt8(ascii: ".") {
        return true
      }
      if character == UInt8(ascii: "\\"), hidesInner(text, at - 1, secrets: secrets) { return true }
    }
    return false
  }

  /// True if the backslash at `slash`, for which an escape stands, begins one of the kind that counts.
  private static func hidesInner(_ text: ByteView, _ slash: Int, secrets: Bool) -> Bool {
    let (inner, length) = escape(text, slash)
    guard length > 2 else { return false }
    return isLetter(inner) || inner == UInt8(ascii: "%")
      || secrets && (inner == UInt8(ascii: "\\") || isOfSecrets(text, slash, inner, length))
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
      guard slash + 2 < text.count else { return true }
      let next = text[slash + 2]
      return next != UInt8(ascii: "u") && next != UInt8(ascii: "/") && next != UInt8(ascii: "x")
    default: return false
    }
  }

  /// True if the escape at `slash` stands for a character that an anchor of a secret may have. `\/` is that
  /// only where it is one of two slashes, or behind a colon: many encoders write all slashes like this.
  private static func isOfSecrets(
    _ text: ByteView, _ slash: Int, _ character: UInt8, _ length: Int
  ) -> Bool {
    switch character {
    case UInt8(ascii: "/") where length == 2:
      isBehindColon(text, slash) || isSlash(text, slash + 2)
    case UInt8(ascii: "\\") where length == 2:
      slash + 2 < text.count && text[slash + 2] == UInt8(ascii: "/")
        && (isBehindColon(text, slash) || isSlash(text, slash + 3))
    // What encoders escape in all text.
    case UInt8(ascii: "\""), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "<"),
      UInt8(ascii: ">"):
      false
    default: length > 2 && character >= 0x20 && character < 0x7F
    }
  }

  /// True if a slash stands at `at`, perhaps as an escape.
  private static func isSlash(_ text: ByteView, _ at: Int) -> Bool {
    var at = at
    let limit = min(text.count, at + 1 << UndoneText.mostLevels)
    while at < limit, text[at] == UInt8(ascii: "\\") { at += 1 }
    guard at < text.count else { return false }
    return text[at] == UInt8(ascii: "/") || percentEscape(text, at) == UInt8(ascii: "/")
      || at > 0 && escape(text, at - 1) == (UInt8(ascii: "/"), 6)
  }

  /// True if a colon or a slash stands before `at`, with nothing but backslashes between.
  private static func isBehindColon(_ text: ByteView, _ at: Int) -> Bool {
    var before = at - 1
    let limit = max(0, at - 1 << UndoneText.mostLevels)
    while before > limit, text[before] == UInt8(ascii: "\\") { before -= 1 }
    return before >= 0 && (text[before] == UInt8(ascii: ":") || text[before] == UInt8(ascii: "/"))
  }

  /// True if the text has a character that can be in a token as a URL may have it: `%2E`.
  ///
  /// With `secrets`, slashes and colons count too, where one stands beside the other: see
  /// `hidesBehindBackslash`.
  static func hidesBehindPercent(_ text: ByteView, secrets: Bool = false) -> Bool {
    guard let base = text.baseAddress else { return false }
    var at = 0
    while let percent = TokenText.next(UInt8(ascii: "%"), base, from: at, to: text.count) {
      if let character = percentEscape(text, percent) {
        if isLetter(character) || character == UInt8(ascii: "%") || character == UInt8(ascii: "\\")
        {
          return true
        }
        if secrets, character == UInt8(ascii: "/") || character == UInt8(ascii: ":"),
          isSlash(text, percent + 3) || isBehindColon(text, percent)
        {
          return true
        }
      }
      at = percent + 1
    }
    return false
  }

  /// True if an escape stands at `at`, of JSON or of a URL.
  static func isEscape(_ text: ByteView, _ at: Int) -> Bool {
    guard at < text.count else { return false }
    return text[at] == UInt8(ascii: "\\")
      || text[at] == UInt8(ascii: "%") && percentEscape(text, at) != nil
  }

  /// True if characters of the escape of JSON at `slash` are escapes themselves, which have to be undone
  /// first: `\u00%36%31`.
  static func hasEscapes(_ text: ByteView, _ slash: Int) -> Bool {
    let digits: Int
    switch text[slash + 1] {
    case UInt8(ascii: "%"): return percentEscape(text, slash + 1) != nil
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "x"): digits = 2
    default: return false
    }
    for at in slash + 2..<min(slash + 2 + digits, text.count) where Hex.digit(text[at]) == nil {
      return isEscape(text, at)
    }
    return false
  }

  /// The ASCII character that the escape at `at` stands for, a line feed for all control characters and 0xFF
  /// for what is no ASCII, and the escape's length; what is no escape of JSON is not longer than two bytes
  /// either, but for `\x2e`, which logs of nginx have.
  static func escape(
    _ text: ByteView, _ at: Int
  ) -> (character: UInt8, length: Int) {
    guard let unit = JSONString.escapedUnit(text, at) else {
      guard at + 1 < text.count else { return (0x0A, 1) }
      switch text[at + 1] {
      case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "/"): return (text[at + 1], 2)
      case UInt8(ascii: "x"):
        guard at + 3 < text.count, let high = Hex.digit(text[at + 2]),
          let low = Hex.digit(text[at + 3])
        else { return (0x0A, 2) }
        return (ascii(UInt32(high << 4 | low)), 4)
      default: return (0x0A, 2)
      }
    }
    return (ascii(unit), 6)
  }

  private static func ascii(_ unit: UInt32) -> UInt8 {
    unit >= 0x80 ? 0xFF : unit < 0x20 ? 0x0A : UInt8(unit)
  }

  /// The ASCII character that `%` and two hexadecimal digits at `at` stand for; nil if they stand for none.
  static func percentEscape(_ text: ByteView, _ at: Int) -> UInt8? {
    guard at + 2 < text.count, text[at] == UInt8(ascii: "%"), let high = Hex.digit(text[at + 1]),
      high < 8, let low = Hex.digit(text[at + 2])
    else { return nil }
    return high << 4 | low
  }
}
