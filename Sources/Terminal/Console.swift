internal import Bytes
package import Disk

/// Writes to the standard streams of the process: messages for people to standard error, results to standard
/// output.
package enum Console {
  /// Writes one line `trailmill: …` to standard error. A message says what is wrong, where, and what to do.
  package static func message(_ text: String) { error("trailmill: \(printable(text))\n") }

  /// Writes to standard error. A failure to write there has no one left to be told.
  package static func error(_ text: String) { try? write(text, to: Disk().standardError) }

  /// Writes to standard output.
  package static func output(_ text: String) throws(DiskError) {
    try write(text, to: Disk().standardOutput)
  }

  private static func write(_ text: String, to file: File) throws(DiskError) {
    var buffer = ByteBuffer(capacity: text.utf8.count)
    buffer.append(utf8: text)
    try file.write(all: buffer.view)
  }

  /// `text`, which becomes one line or a part of one, with every character that a terminal obeys replaced by
  /// U+FFFD; a line end too, or else a name or a value could add lines that look like trailmill's own.
  package static func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(TerminalControl.isObeyed(scalar) ? "\u{FFFD}" : scalar)
    }
    return String(result)
  }

  /// The line of JSON `json`, in which every character that a terminal obeys is written as an escape.
  package static func printableJSON(_ json: String) -> String {
    var result = ""
    for scalar in json.unicodeScalars {
      if !TerminalControl.isObeyed(scalar) {
        result.unicodeScalars.append(scalar)
      } else if scalar.value < 0x20 {
        // In a string it would be an escape already: this is white space.
        result += " "
      } else {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result
  }
}
