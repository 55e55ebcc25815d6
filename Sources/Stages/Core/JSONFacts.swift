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

/// Times for people.
enum RFC3339 {
  /// A time in microseconds since 1970 in UTC; nil if there is none.
  static func text(_ microseconds: Int64?) -> String? {
    guard let microseconds, let time = Timestamp(microseconds: microseconds) else { return nil }
    var buffer = ByteBuffer()
    time.append(rfc3339To: &buffer)
    return String(decoding: buffer.view, as: UTF8.self)
  }
}
