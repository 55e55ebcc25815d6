package import Bytes
internal import JSONText

extension JSON5Value {
  /// Appends the value as standard JSON without white space: `{ actor: 'x' }` becomes
  /// `{"actor":"x"}`. Numbers that are valid JSON keep their text, the others are converted; an
  /// error for those that JSON cannot write (Infinity, NaN, hexadecimal beyond 64 bits).
  package func json(into buffer: inout ByteBuffer) throws(SettingsError) {
    switch content {
    case .null: buffer.append("null")
    case .bool(let value): buffer.append(value ? "true" : "false")
    case .string(let text): JSONString.append(quoting: text, to: &buffer)
    case .number(let number):
      guard let text = number.json else {
        throw position.error("JSON has no number \(number.text)")
      }
      buffer.append(utf8: text)
    case .array(let elements):
      buffer.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { buffer.append(UInt8(ascii: ",")) }
        try element.json(into: &buffer)
      }
      buffer.append(UInt8(ascii: "]"))
    case .object(let members):
      buffer.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { buffer.append(UInt8(ascii: ",")) }
        JSONString.append(quoting: member.key, to: &buffer)
        buffer.append(UInt8(ascii: ":"))
        try member.value.json(into: &buffer)
      }
      buffer.append(UInt8(ascii: "}"))
    }
  }
}
