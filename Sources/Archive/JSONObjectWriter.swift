internal import Bytes
internal import Codec
internal import JSONText

/// Writes objects member by member, without white space: the same values, the same bytes.
struct JSONObjectWriter: ~Copyable {
  private(set) var text = ByteBuffer(capacity: 512)
  private var isFirst = true

  init() { text.append(UInt8(ascii: "{")) }

  private mutating func key(_ name: StaticString) {
    if !isFirst { text.append(UInt8(ascii: ",")) }
    isFirst = false
    text.append(UInt8(ascii: "\""))
    text.append(name)
    text.append("\":")
  }

  mutating func member(_ name: StaticString, _ value: String) {
    key(name)
    JSONString.append(quoting: value, to: &text)
  }

  mutating func member(_ name: StaticString, _ value: String?) {
    key(name)
    guard let value else { return text.append("null") }
    JSONString.append(quoting: value, to: &text)
  }

  mutating func member(_ name: StaticString, _ value: ContentMark?) {
    guard let value else { return member(name, nil as String?) }
    var digits = String(value.digest, radix: 16)
    digits = String(repeating: "0", count: 16 - digits.utf8.count) + digits
    member(name, digits)
  }

  mutating func member(_ name: StaticString, _ value: CheckpointName?) {
    guard let value else { return member(name, nil as String?) }
    member(name) { inner in
      inner.member("sequence", Int64(value.sequence))
      inner.member("sha256", value.sha256)
    }
  }

  mutating func member(_ name: StaticString, _ value: Int64) {
    key(name)
    text.append(decimal: Int(value))
  }

  mutating func member(_ name: StaticString, _ value: Digest256?) {
    key(name)
    guard let value else { return text.append("null") }
    append(value)
  }

  mutating func member(_ name: StaticString, _ values: [Digest256]) {
    key(name)
    text.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      append(value)
    }
    text.append(UInt8(ascii: "]"))
  }

  mutating func member(_ name: String, _ values: [String]) {
    if !isFirst { text.append(UInt8(ascii: ",")) }
    isFirst = false
    JSONString.append(quoting: name, to: &text)
    text.append(":[")
    for (index, value) in values.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      JSONString.append(quoting: value, to: &text)
    }
    text.append(UInt8(ascii: "]"))
  }

  mutating func member(_ name: StaticString, _ value: Timestamp?) {
    key(name)
    guard let value else { return text.append("null") }
    text.append(UInt8(ascii: "\""))
    value.append(rfc3339To: &text)
    text.append(UInt8(ascii: "\""))
  }

  /// A member that is an object of its own.
  mutating func member(_ name: StaticString, _ body: (inout JSONObjectWriter) -> Void) {
    key(name)
    text.append(UInt8(ascii: "{"))
    isFirst = true
    body(&self)
    text.append(UInt8(ascii: "}"))
    isFirst = false
  }

  private mutating func append(_ digest: Digest256) {
    text.append(UInt8(ascii: "\""))
    digest.append(hexTo: &text)
    text.append(UInt8(ascii: "\""))
  }

  /// The object, without a line feed.
  consuming func finish() -> [UInt8] {
    text.append(UInt8(ascii: "}"))
    return text.bytes
  }
}
