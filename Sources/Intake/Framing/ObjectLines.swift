internal import Bytes
internal import JSONText
internal import Platform

/// Lines that seem to hold objects: each begins with `{` and ends with `}`, and the line behind begins with
/// `{`. No value that is JSON, or could be for all its brackets say, goes beyond the end of such a line.
enum ObjectLines {
  /// Where the last of them ends that `text` begins with; 0 if there is none.
  static func end(_ text: ByteView, longest: Int) -> Int {
    guard let base = text.baseAddress else { return 0 }
    var start = 0
    let first = Scanner.skipWhitespace(text, from: 0)
    guard first < text.count, base[first] == UInt8(ascii: "{") else { return 0 }
    while start < text.count, let found = memchr(base + start, 0x0A, text.count - start) {
      let lineFeed = UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
      guard LineFramer.length(base, start, lineFeed) <= longest, closes(base, start, lineFeed)
      else {
        return start
      }
      if lineFeed + 1 < text.count, base[lineFeed + 1] == UInt8(ascii: "{") {
        start = lineFeed + 1
        continue
      }
      let next = Scanner.skipWhitespace(text, from: lineFeed)
      guard next < text.count, base[next] == UInt8(ascii: "{") else { return start }
      start = beginOfLine(base, next)
    }
    return start
  }

  /// The last byte of the line that is no white space is a brace, or there is none.
  private static func closes(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var at = end
    while at > start && LineFramer.isSpace(base[at - 1]) { at -= 1 }
    return at == start || base[at - 1] == UInt8(ascii: "}")
  }

  /// Where the line begins that holds a byte behind a line feed.
  private static func beginOfLine(_ base: UnsafePointer<UInt8>, _ place: Int) -> Int {
    var at = place
    while at > 0 && base[at - 1] != 0x0A { at -= 1 }
    return at
  }
}
