internal import Bytes
internal import JSONText

/// The members of an object, or elements of an array, in text that a scanner has accepted.
struct ObjectMembers {
  /// One member: its name, without quotes and as it stands, and its value.
  struct Member {
    var name: Span32
    var value: Span32
  }

  private let text: ByteView
  private var at = 1

  /// Members of `text`, which begins with the bracket.
  init(_ text: ByteView) { self.text = text }

  /// The next member, by offsets into the text; nil behind the last.
  mutating func next() -> Member? {
    guard let name = item(), at < text.count, text[at] == UInt8(ascii: ":") else { return nil }
    at += 1
    guard let value = item() else { return nil }
    return Member(name: Span32(Int(name.start) + 1, count: Int(name.count) - 2), value: value)
  }

  /// The next element, if the text is an array.
  mutating func nextElement() -> Span32? { item() }

  /// A value; `at` is then at what follows it and the white space behind it.
  private mutating func item() -> Span32? {
    at = Scanner.skipWhitespace(text, from: at)
    if at < text.count, text[at] == UInt8(ascii: ",") {
      at = Scanner.skipWhitespace(text, from: at + 1)
    }
    guard at < text.count, text[at] != UInt8(ascii: "}"), text[at] != UInt8(ascii: "]") else {
      return nil
    }
    var skipper = ValueSkipper()
    guard let end = skipper.skip(text, from: at) else { return nil }
    let value = Span32(at, count: end - at)
    at = Scanner.skipWhitespace(text, from: end)
    return value
  }
}
