/// How wide text is on a terminal, in columns.
package enum TextWidth {
  /// What stands where text was cut, of one column.
  static let cutMark = "…"

  /// Columns that text takes.
  package static func of(_ text: String) -> Int {
    // A line end of two characters is one to Swift: neither is plain.
    TerminalControl.isPlain(text) ? text.utf8.count : text.reduce(0) { $0 + width($1) }
  }

  /// The text, or as much of it as fits into `limit` columns with `mark`, of one column, behind it.
  package static func cut(_ text: String, to limit: Int, mark: Character = "…") -> String {
    guard of(text) > limit else { return text }
    var kept = ""
    var used = 1
    for character in text {
      used += width(character)
      if used > limit { break }
      kept.append(character)
    }
    kept.append(mark)
    return kept
  }

  /// Two columns for East Asian wide characters and emoji (UAX #11), none for what only combines with
  /// others, one for all else.
  private static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x300...0x36F, 0x200B...0x200D, 0x20D0...0x20FF, 0xFE00...0xFE0F: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
