internal import Bytes

/// Lines that seem to hold objects: each begins with `{` in its first column and ends with `}`, and the
/// line behind begins with `{`. No value that is JSON, or could be for all its brackets say, goes beyond
/// the end of such a line.
enum ObjectLines {
  /// Where the last of them ends that `text` begins with; 0 if there is none.
  static func end(_ text: ByteView, longest: Int) -> Int {
    guard let base = text.baseAddress, text.count > 0, base[0] == UInt8(ascii: "{") else {
      return 0
    }
    var start = 0
    while let lineFeed = text.place(of: 0x0A, from: start) {
      guard LineFramer.length(base, start, lineFeed) <= longest, closes(base, start, lineFeed)
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

  /// The last byte of the line that is no white space is a brace, or there is none.
  private static func closes(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    let at = ByteView(start: base, count: end).trimmedEnd(end, from: start)
    return at == start || base[at - 1] == UInt8(ascii: "}")
  }
}
