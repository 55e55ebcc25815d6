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

  /// Writes lines of JSON to standard output; a terminal gets nothing that it would obey.
  package static func output(json lines: String) throws(DiskError) {
    try output(Process.isOutputTerminal ? printableJSON(lines: lines) : lines)
  }

  /// Writes lines of JSON to standard error; a terminal gets nothing that it would obey.
  package static func error(json lines: String) {
    error(Process.isErrorTerminal ? printableJSON(lines: lines) : lines)
  }

  private static func write(_ text: String, to file: File) throws(DiskError) {
    var buffer = ByteBuffer(capacity: text.utf8.count)
    buffer.append(utf8: text)
    try file.write(all: buffer.view)
  }

  /// `text`, which becomes one line or a part of one, with U+FFFD for every character that a terminal obeys
  /// or that shows nothing; a line end too, or else a name or a value could add lines that look like
  /// trailmill's own.
  package static func printable(_ text: String) -> String {
    guard !TerminalControl.isPlain(text) else { return text }
    var result = String.UnicodeScalarView()
    TerminalControl.forEach(in: text) { scalar, isShown in
      result.append(isShown ? scalar : DeceptiveText.replacement)
    }
    return String(result)
  }

  /// `text` with an escape as JSON has them for every character that `printable` would replace, and for the
  /// backslash: texts that differ stay different.
  package static func escaped(_ text: String) -> String {
    guard !TerminalControl.isPlain(text) || text.utf8.contains(UInt8(ascii: "\\")) else {
      return text
    }
    var result = String.UnicodeScalarView()
    TerminalControl.forEach(in: text) { scalar, isShown in
      switch scalar {
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case _ where isShown: result.append(scalar)
      default: appendEscape(of: scalar, to: &result)
      }
    }
    return String(result)
  }

  /// The line of JSON `json`, in which every character that `printable` would replace is written as an
  /// escape.
  package static func printableJSON(_ json: String) -> String {
    guard !TerminalControl.isPlain(json) else { return json }
    var result = String.UnicodeScalarView()
    TerminalControl.forEach(in: json) { scalar, isShown in
      if isShown {
        result.append(scalar)
      } else if scalar.value < 0x20 {
        // In a string it would be an escape already: this is white space.
        result.append(" ")
      } else {
        appendEscape(of: scalar, to: &result)
      }
    }
    return String(result)
  }

  /// Lines of JSON, each as `printableJSON` writes it.
  package static func printableJSON(lines: String) -> String {
    lines.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { printableJSON(String($0) ?? "") }.joined(separator: "\n")
  }

  /// Appends `\\u202e`; two of them for a character beyond the Basic Multilingual Plane.
  private static func appendEscape(
    of scalar: Unicode.Scalar, to result: inout String.UnicodeScalarView
  ) {
    for unit in UTF16.encode(scalar) ?? UTF16.EncodedScalar() {
      let digits = String(unit, radix: 16)
      let zeros = String(repeating: "0", count: 4 - digits.count)
      result.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
    }
  }
}
