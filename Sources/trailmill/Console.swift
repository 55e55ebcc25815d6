internal import Bytes
internal import Disk

/// Text for people, on standard error or standard output. Nothing that came from outside reaches a
/// terminal as a control sequence.
enum Console {
  /// Writes a message in the form `trailmill: what: where: what to do`.
  static func message(_ text: String) { error("trailmill: \(printable(text))\n") }

  /// Writes to standard error. A failure to write there has no one left to be told.
  static func error(_ text: String) { try? write(text, to: Disk().standardError) }

  /// Writes to standard output.
  static func output(_ text: String) throws(DiskError) {
    try write(text, to: Disk().standardOutput)
  }

  private static func write(_ text: String, to file: File) throws(DiskError) {
    var buffer = ByteBuffer(capacity: text.utf8.count)
    buffer.append(utf8: text)
    try file.write(all: buffer.view)
  }

  /// `text`, which becomes one line or a part of one, with every control and
  /// bidirectional-formatting character made visible; a line end too, or else a name or a value
  /// could add lines that look like ours.
  static func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(isObeyed(scalar) ? "\u{FFFD}" : scalar) }
    return String(result)
  }

  /// JSON that says the same as `json`, one line of it, with those characters as escapes.
  static func printableJSON(_ json: String) -> String {
    var result = ""
    for scalar in json.unicodeScalars {
      if !isObeyed(scalar) {
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

  /// Whether a terminal does something else than show it: controls, and what turns the direction.
  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

/// How trailmill ends. The numbers are a contract with scripts.
enum ExitCode: Int32 {
  case success = 0
  /// The command line or the definition is wrong, or one of its tests fails.
  case usage = 2
  /// More records in quarantine than the definition allows.
  case quarantine = 3
  /// Reading, writing or the environment failed.
  case fault = 4
  /// The archive is not what its history says, or a proof does not hold.
  case verification = 5
  /// The archive is in use by another run.
  case inUse = 6
  /// Signals were found, and the definition says to fail on them. What the run wrote is published.
  case signals = 7
}
