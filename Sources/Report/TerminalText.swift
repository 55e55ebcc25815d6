/// Text in columns of a terminal.
struct TerminalText {
  /// Columns.
  let width: Int
  /// Whether blocks can be drawn; else plain ASCII.
  let isUnicode: Bool
  /// Makes text from outside harmless.
  let printable: (String) -> String

  /// Columns that text takes: two for wide characters, none for what combines with the one before.
  static func columns(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + columns($1) }
  }

  private static func columns(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x300...0x36F, 0x200B...0x200D, 0xFE00...0xFE0F, 0x20D0...0x20FF: 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }

  /// `text` in exactly `size` columns, cut or filled.
  func fitted(_ text: String, _ size: Int) -> String {
    let text = harmless(text)
    let used = TerminalText.columns(text)
    if used <= size { return text + String(repeating: " ", count: size - used) }
    var kept = ""
    var at = 0
    for scalar in text.unicodeScalars {
      let columns = TerminalText.columns(scalar)
      guard at + columns <= size - 1 else { break }
      kept.unicodeScalars.append(scalar)
      at += columns
    }
    return kept + (isUnicode ? "…" : "~") + String(repeating: " ", count: max(size - 1 - at, 0))
  }

  /// Text from outside; where the terminal is ASCII, other characters are `?`.
  func harmless(_ text: String) -> String {
    let text = printable(text)
    guard !isUnicode else { return text }
    return String(text.unicodeScalars.map { $0.isASCII ? Character($0) : "?" })
  }

  /// A bar of up to `size` columns, in eighths of one.
  func bar(_ value: Int, of most: Int, _ size: Int) -> String {
    guard most > 0, value > 0, size > 0 else { return "" }
    let share = Double(value) / Double(most) * Double(size)
    guard isUnicode else { return String(repeating: "#", count: max(1, Int(share.rounded()))) }
    let eighths = max(1, Int((share * 8).rounded()))
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }

  /// A line of small columns, one for each value.
  func sparkline(_ values: [Int]) -> String {
    let most = values.max() ?? 0
    let levels = Array(isUnicode ? "▁▂▃▄▅▆▇█" : ".:-=+*#@")
    return String(
      values.map { value in
        guard value > 0, most > 0 else { return " " }
        let share = Double(value) / Double(most) * Double(levels.count)
        return levels[min(levels.count - 1, Int(share.rounded(.up)) - 1)]
      })
  }
}
