internal import Bytes
internal import JSONText

/// Facts for programs, as JSON text.
enum JSONFacts {
  static func string(_ text: String) -> String {
    var buffer = ByteBuffer()
    JSONString.append(quoting: text, to: &buffer)
    return String(decoding: buffer.view, as: UTF8.self)
  }

  static func array(_ elements: [String]) -> String { "[\(elements.joined(separator: ","))]" }
}
