internal import Bytes
internal import JSONText

/// Lines that seem to hold objects: each begins with `{` in its first column and ends with `}`, and the
/// line behind begins with `{`. No array begins behind one of the objects. No value that is JSON, or could
/// be for all its brackets say, goes beyond the end of such a line.
enum ObjectLines {
  /// Where the last of them ends that `text` begins with; 0 if there is none.
  static func end(_ text: ByteView, longest: Int) -> Int {
    guard let base = text.baseAddress, text.count > 0, base[0] == UInt8(ascii: "{") else {
      return 0
    }
    let array = beginningOfArray(text) ?? text.count
    var start = 0
    while let lineFeed = text.place(of: 0x0A, from: start) {
      guard lineFeed < array, LineFramer.length(base, start, lineFeed) <= longest,
        closes(base, start, lineFeed)
      else {
        return start
      }
      var next = lineFeed + 1
      while next < text.count && (base[next] == 0x0A || base[next] == 0x0D) { next += 1 }
      guard next < text.count, base[next] == UInt8(ascii: "{") else { return start }
      start = next
    }
    return start
  }

  /// The first bracket that may begin an array between values: where there is none in a value that is JSON,
  /// and followed by what an array of records begins with.
  private static func beginningOfArray(_ text: ByteView) -> Int? {
    var at = 0
    while let bracket = text.place(of: UInt8(ascii: "["), from: at) {
      at = bracket + 1
      if bracket > 0 && isWithinValue(behind: text[bracket - 1]) { continue }
      let next = Scanner.skipWhitespace(text, from: at)
      guard next == text.count || text[next] == UInt8(ascii: "{") || text[next] == UInt8(ascii: "]")
      else { continue }
      let end = text.trimmedEnd(bracket)
      if end == 0 || !isWithinValue(behind: text[end - 1]) { return bracket }
    }
    return nil
  }

  /// Whether a bracket behind this byte stands in a value, if that is JSON.
  private static func isWithinValue(behind byte: UInt8) -> Bool {
    byte == UInt8(ascii: ":") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "[")
  }

  /// The last byte of the line that is no white space is a brace, or there is none.
  private static func closes(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    let at = ByteView(start: base, count: end).trimmedEnd(end, from: start)
    return at == start || base[at - 1] == UInt8(ascii: "}")
  }
}
