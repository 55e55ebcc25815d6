public import Bytes
internal import JSONText

/// What people read as the actor: free of what could deceive them, and short.
public enum DisplayText {
  /// Characters (Unicode scalars) that are shown at most: 256.
  public static let maxCharacters = 256

  /// Appends `text` as a JSON string in which each character of `DeceptiveText` is U+FFFD, and which ends
  /// after `maxCharacters`. True if that changed anything.
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
    guard text.count <= maxCharacters else { return false }
    for byte in text
    where byte &- 0x20 >= 0x5F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
      return false
    }
    return true
  }

  private static func appendClean(_ text: ByteView, to buffer: inout ByteBuffer) -> Bool {
    var isChanged = false
    var characters = 0
    var at = 0
    while at < text.count {
      guard characters < maxCharacters else { return true }
      characters += 1
      let length = UTF8Text.sequenceLength(text, at)
      if length == 0 || DeceptiveText.isDeceptive(text, at: at, length: length) {
        buffer.append("\u{FFFD}" as StaticString)
        isChanged = true
      } else {
        buffer.append(ByteView(rebasing: text[at..<at + length]))
      }
      at += max(length, 1)
    }
    return isChanged
  }

  /// True if `text` has the form `source::id`: a word of letters, digits, `_`, `-` and `.`, then
  /// `::`. A claim of that form would pass for an actor that the vendor has identified.
  static func imitatesActor(_ text: ByteView) -> Bool {
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
}
