internal import Bytes
internal import JSONText

/// Values that are copied from one line of JSON to another.
enum CompactJSON {
  /// Appends valid JSON without the white space between its tokens.
  static func append(_ value: ByteView, to buffer: inout ByteBuffer) {
    var isInString = false
    var isEscaped = false
    for byte in value {
      let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
      guard isInString || !isSpace else { continue }
      buffer.append(byte)
      if byte == UInt8(ascii: "\"") && !isEscaped { isInString.toggle() }
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    }
  }

  /// True if `value`, valid JSON, has a member at any depth whose name, however it is written, is meant.
  static func hasMember(_ value: ByteView, where isMeant: (ByteView) -> Bool) -> Bool {
    var name = ByteBuffer()
    var at = 0
    while at < value.count {
      guard value[at] == UInt8(ascii: "\"") else {
        at += 1
        continue
      }
      let start = at + 1
      at = start
      while at < value.count, value[at] != UInt8(ascii: "\"") {
        at += value[at] == UInt8(ascii: "\\") ? 2 : 1
      }
      let end = min(at, value.count)
      at = Scanner.skipWhitespace(value, from: end + 1)
      guard at < value.count, value[at] == UInt8(ascii: ":") else { continue }
      name.removeAll()
      JSONString.unescape(ByteView(rebasing: value[start..<end]), into: &name)
      if isMeant(name.view) { return true }
    }
    return false
  }
}
