/// Text and small pictures in the columns of a terminal.
package struct TerminalText {
  /// Columns of the terminal.
  package let width: Int
  /// Whether it can show more than ASCII.
  private let isUnicode: Bool

  package init(width: Int, isUnicode: Bool) {
    self.width = width
    self.isUnicode = isUnicode
  }

  /// `text` in exactly `size` columns, cut or filled.
  package func fitted(_ text: String, _ size: Int) -> String {
    let text = TextWidth.cut(harmless(text), to: size, mark: isUnicode ? "…" : "~")
    return text + String(repeating: " ", count: max(size - TextWidth.of(text), 0))
  }

  /// Text from outside without characters that a terminal obeys. On an ASCII terminal every other character
  /// than those of ASCII is `?`.
  package func harmless(_ text: String) -> String {
    let text = Console.printable(text)
    guard !isUnicode else { return text }
    return String(text.unicodeScalars.map { $0.isASCII ? Character($0) : "?" })
  }

  /// A bar of up to `size` columns, in eighths of one.
  package func bar(_ value: Int, of most: Int, _ size: Int) -> String {
    guard most > 0, value > 0, size > 0 else { return "" }
    let share = Double(value) / Double(most) * Double(size)
    guard isUnicode else { return String(repeating: "#", count: max(1, Int(share.rounded()))) }
    let eighths = max(1, Int((share * 8).rounded()))
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }

  /// One small column for each value, as high as its share of the largest.
  package func sparkline(_ values: [Int]) -> String {
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
