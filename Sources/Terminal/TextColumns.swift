/// Text of our own in columns and lines; text from outside goes through `TextWidth`.
package enum TextColumns {
  /// The text in `width` columns, or with one space behind it where it is longer.
  package static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  /// The text at the right of `width` columns, or as it is where it is longer.
  package static func rightAligned(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// The words of a text in lines of at most `width` columns, each with a line feed.
  package static func wrapped(_ text: String, width: Int, indent: String = "") -> String {
    var lines = ""
    var line = indent
    for word in text.split(separator: " ") {
      if line.count + word.count > width - 1 && line != indent {
        lines += line + "\n"
        line = indent
      }
      line += (line == indent ? "" : " ") + word
    }
    return lines + line + "\n"
  }
}
