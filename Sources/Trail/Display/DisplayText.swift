public import Bytes
internal import JSONText

/// What people read as the actor: free of what could deceive them, and short.
public enum DisplayText {
  /// Characters (Unicode scalars) that are shown at most: 256.
  public static let maxCharacters = 256

  /// Characters of white space beside U+0020 that show nothing and break no line (Unicode's `White_Space`):
  /// with them a text would be another that looks the same. Those that break a line are in `DeceptiveText`.
  static let blanks: [ClosedRange<UInt32>] = [
    0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x202F...0x202F, 0x205F...0x205F,
    0x3000...0x3000,
  ]

  /// Appends `text` as a JSON string without spaces around it, in which each character of `DeceptiveText` and
  /// each other white space is U+FFFD, and which ends after `maxCharacters`. True if that changed anything.
  public static func append(_ text: ByteView, to buffer: inout ByteBuffer) -> Bool {
    buffer.reserve(text.count + 2)
    if isPlain(text) {
      buffer.append(UInt8(ascii: "\""))
      buffer.append(text)
      buffer.append(UInt8(ascii: "\""))
      return false
    }
    var clean = ByteBuffer(capacity: text.count + 16)
    let isChanged = appendClean(text, to: &clean)
    JSONString.append(quoting: clean.view, to: &buffer)
    return isChanged
  }

  /// True for short printable ASCII without quote and backslash, as nearly every name is.
  private static func isPlain(_ text: ByteView) -> Bool {
    guard text.count <= maxCharacters, text.first != UInt8(ascii: " "),
      text.last != UInt8(ascii: " ")
    else { return false }
    for byte in text
    where byte &- 0x20 >= 0x5F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
      return false
    }
    return true
  }

  /// Without the spaces around it.
  static func trimmed(_ text: ByteView) -> ByteView {
    var (start, end) = (0, text.count)
    while start < end, text[start] == UInt8(ascii: " ") { start += 1 }
    while start < end, text[end - 1] == UInt8(ascii: " ") { end -= 1 }
    return ByteView(rebasing: text[start..<end])
  }

  /// True for text of white space alone, and for no text: it shows nobody.
  public static func isBlank(_ text: ByteView) -> Bool {
    var at = 0
    while at < text.count {
      let byte = text[at]
      let isSpace = byte == UInt8(ascii: " ") || byte &- 0x09 < 5
      let length = isSpace ? 1 : UTF8Text.sequenceLength(text, at)
      guard isSpace || length > 1 && isBlank(text, at: at, length: length) else { return false }
      at += length
    }
    return true
  }

  /// True for white space of more than one byte, whether it breaks a line or not.
  private static func isBlank(_ text: ByteView, at: Int, length: Int) -> Bool {
    switch DeceptiveText.code(text, at: at, length: length) {
    case 0x85, 0x2028, 0x2029: true
    case let code: isBlank(code)
    }
  }

  private static func isBlank(_ code: UInt32) -> Bool {
    // All begin at U+00A0, and most text is before that.
    code >= 0xA0 && blanks.contains { $0.contains(code) }
  }

  private static func appendClean(_ whole: ByteView, to buffer: inout ByteBuffer) -> Bool {
    let text = trimmed(whole)
    var isChanged = text.count < whole.count
    var characters = 0
    var at = 0
    while at < text.count {
      guard characters < maxCharacters else {
        buffer.truncate(to: trimmed(buffer.view).count)
        return true
      }
      characters += 1
      let length = UTF8Text.sequenceLength(text, at)
      if length == 0 || DeceptiveText.isDeceptive(text, at: at, length: length)
        || length > 1 && isBlank(DeceptiveText.code(text, at: at, length: length))
      {
        buffer.append("\u{FFFD}" as StaticString)
        isChanged = true
      } else {
        buffer.append(ByteView(rebasing: text[at..<at + length]))
      }
      at += max(length, 1)
    }
    return isChanged
  }

  /// True if `text`, spaces around it apart, has the form `source::id`: a word of letters, digits, `_`, `-`
  /// and `.`, then `::`. A claim of that form would pass for an actor that the vendor has identified.
  static func imitatesActor(_ text: ByteView) -> Bool {
    let text = trimmed(text)
    for at in 0..<text.count {
      switch text[at] {
      case UInt8(ascii: ":"):
        return at > 0 && at + 1 < text.count && text[at + 1] == UInt8(ascii: ":")
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        continue
      default: return false
      }
    }
    return false
  }

  /// True if the name of a key has the form of an actor, `source::id`, or of an e-mail address: a text
  /// without spaces, with one `@` within. Who chooses names of keys could pass for somebody with it.
  public static func passesForSomebody(_ name: ByteView) -> Bool {
    if name.place(of: UInt8(ascii: ":")) != nil, imitatesActor(name) { return true }
    guard name.place(of: UInt8(ascii: "@")) != nil else { return false }
    let name = trimmed(name)
    guard let at = name.place(of: UInt8(ascii: "@")), at > 0, at + 1 < name.count else {
      return false
    }
    return !name.contains(UInt8(ascii: " ")) && !name[(at + 1)...].contains(UInt8(ascii: "@"))
  }
}
