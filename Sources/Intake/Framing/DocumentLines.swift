internal import Bytes

/// Tells objects that are printed over several lines from lines that hold one each: their first line holds
/// a brace alone, or their second one is indented.
struct DocumentLines {
  /// The second line begins with white space.
  let isIndented: Bool

  /// Nil for a text that begins with one line of its own.
  init?(_ text: ByteView) {
    guard let lineFeed = text.place(of: 0x0A), lineFeed + 1 < text.count else { return nil }
    isIndented = text[lineFeed + 1] == 0x20 || text[lineFeed + 1] == 0x09
    let isAlone = text.trimmedEnd(lineFeed, from: 1) <= 1
    // An object does not begin with an object.
    let isTorn = text[lineFeed + 1] == UInt8(ascii: "{")
    guard text.first == UInt8(ascii: "{"), isIndented || isAlone && !isTorn else { return nil }
  }

  /// Whether another value begins behind this line feed: in the first column, where what is inside of an
  /// object is indented; else only behind a closing brace, for between elements there is a comma. Nil if
  /// more is needed.
  func ends(_ text: ByteView, _ lineFeed: Int, _ isEnd: Bool) -> Bool? {
    guard lineFeed + 1 < text.count else { return isEnd ? true : nil }
    guard text[lineFeed + 1] == UInt8(ascii: "{") else { return false }
    if isIndented { return true }
    let at = text.trimmedEnd(lineFeed)
    return at > 0 && text[at - 1] == UInt8(ascii: "}")
  }
}
