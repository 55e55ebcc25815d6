internal import Bytes

/// Tells the format of an input by its beginning, which may come in pieces: what it says depends on
/// the bytes alone.
///
/// After white space, `[` followed by `{` or `]` is an array. Else the first line decides: if a
/// value's `}` is followed by `{` before the line ends, the values are concatenated; if not, they
/// stand in lines. White space other than a line feed may lie between the two, and braces inside
/// strings do not count. So no more is looked at than the first line, the first value, or the
/// longest record that is accepted.
struct FormatDetector {
  private enum State { case start, bracket, line, closed, string, escape }

  private var state = State.start
  private var seen = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Looks at `text`, all of the input so far; nil if more is needed.
  mutating func detect(_ text: ByteView, isEnd: Bool) -> InputFormat? {
    while seen < text.count {
      let byte = text[seen]
      seen += 1
      if let format = step(byte) { return format }
      if seen > limit { return .ndjson }
    }
    return isEnd ? .ndjson : nil
  }

  private mutating func step(_ byte: UInt8) -> InputFormat? {
    switch state {
    case .start:
      if FormatDetector.isSpace(byte) || byte == 0x0A { return nil }
      state = byte == UInt8(ascii: "[") ? .bracket : .line
    case .bracket:
      if FormatDetector.isSpace(byte) || byte == 0x0A { return nil }
      return byte == UInt8(ascii: "{") || byte == UInt8(ascii: "]") ? .array : .ndjson
    case .line, .closed:
      if byte == 0x0A { return .ndjson }
      if state == .closed && byte == UInt8(ascii: "{") { return .concatenated }
      if state == .closed && FormatDetector.isSpace(byte) { return nil }
      state =
        byte == UInt8(ascii: "}") ? .closed : byte == UInt8(ascii: "\"") ? .string : .line
    case .string:
      if byte == 0x0A { return .ndjson }
      if byte == UInt8(ascii: "\\") { state = .escape }
      if byte == UInt8(ascii: "\"") { state = .line }
    case .escape:
      if byte == 0x0A { return .ndjson }
      state = .string
    }
    return nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D
  }
}
