internal import Bytes

/// Characters of text from outside that a terminal must not get: those that it obeys instead of showing them,
/// and those that show nothing, so that two texts look like one.
enum TerminalControl {
  /// True if `text` has none of them, and no other character than those of ASCII.
  static func isPlain(_ text: String) -> Bool {
    text.utf8.withContiguousStorageIfAvailable(isPlain)
      ?? text.utf8.allSatisfy { $0 &- 0x20 < 0x5F }
  }

  /// True if the bytes are none of them, and no other characters than those of ASCII.
  static func isPlain(_ text: ByteView) -> Bool {
    for byte in text where byte &- 0x20 >= 0x5F { return false }
    return true
  }

  /// Calls `body` with every character of `text` and whether a terminal may get it.
  static func forEach(in text: String, _ body: (Unicode.Scalar, _ isShown: Bool) -> Void) {
    var rest = text.unicodeScalars.makeIterator()
    var before: Unicode.Scalar?
    var current = rest.next()
    while let scalar = current {
      let after = rest.next()
      body(
        scalar, !DeceptiveText.isDeceptive(scalar) || isPart(scalar, between: before, and: after))
      (before, current) = (scalar, after)
    }
  }

  /// True for a joiner between two characters of scripts that have joiners, or of a picture, and for the mark
  /// that makes a picture of the character before it.
  private static func isPart(
    _ scalar: Unicode.Scalar, between before: Unicode.Scalar?, and after: Unicode.Scalar?
  ) -> Bool {
    guard let before else { return false }
    switch scalar {
    case "\u{200C}", "\u{200D}":
      guard let after else { return false }
      return joins(before) && joins(after)
    case "\u{FE0E}", "\u{FE0F}": return !before.isASCII && before.properties.isEmoji
    default: return false
    }
  }

  /// From the Arabic script on.
  private static func joins(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x600 && (scalar == "\u{FE0F}" || !DeceptiveText.isDeceptive(scalar))
  }
}
