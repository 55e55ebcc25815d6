public import Bytes

/// Writes objects member by member, without white space: the same values, the same bytes.
public struct JSONObjectWriter: ~Copyable {
  private(set) var text = ByteBuffer(capacity: 512)
  private var isFirst = true

  public init() { text.append(UInt8(ascii: "{")) }

  private mutating func key(_ name: StaticString) {
    if !isFirst { text.append(UInt8(ascii: ",")) }
    isFirst = false
    text.append(UInt8(ascii: "\""))
    text.append(name)
    text.append("\":")
  }

  public mutating func member(_ name: StaticString, _ value: String) {
    key(name)
    JSONString.append(quoting: value, to: &text)
  }

  public mutating func member(_ name: StaticString, _ value: String?) {
    key(name)
    guard let value else { return text.append("null") }
    JSONString.append(quoting: value, to: &text)
  }

  public mutating func member(_ name: StaticString, _ value: Int64) {
    key(name)
    text.append(decimal: Int(value))
  }

  public mutating func member(_ name: StaticString, _ value: Digest256?) {
    key(name)
    guard let value else { return text.append("null") }
    append(value)
  }

  public mutating func member(_ name: StaticString, _ values: [Digest256]) {
    key(name)
    text.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      append(value)
    }
    text.append(UInt8(ascii: "]"))
  }

  public mutating func member(_ name: String, _ values: [String]) {
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

  public mutating func member(_ name: StaticString, _ value: Timestamp?) {
    key(name)
    guard let value else { return text.append("null") }
    text.append(UInt8(ascii: "\""))
    value.append(rfc3339To: &text)
    text.append(UInt8(ascii: "\""))
  }

  /// A member that is an object of its own.
  public mutating func member(_ name: StaticString, _ body: (inout JSONObjectWriter) -> Void) {
    key(name)
    text.append(UInt8(ascii: "{"))
    isFirst = true
    body(&self)
    text.append(UInt8(ascii: "}"))
    isFirst = false
  }

  /// A member that is an array of `count` objects; `body` writes the members of the one with a number.
  public mutating func member(
    _ name: StaticString, objects count: Int, _ body: (Int, inout JSONObjectWriter) -> Void
  ) {
    key(name)
    text.append(UInt8(ascii: "["))
    for number in 0..<count {
      if number > 0 { text.append(UInt8(ascii: ",")) }
      text.append(UInt8(ascii: "{"))
      isFirst = true
      body(number, &self)
      text.append(UInt8(ascii: "}"))
    }
    text.append(UInt8(ascii: "]"))
    isFirst = false
  }

  // MARK: Names from outside

  private mutating func key(named name: String) {
    if !isFirst { text.append(UInt8(ascii: ",")) }
    isFirst = false
    JSONString.append(quoting: name, to: &text)
    text.append(UInt8(ascii: ":"))
  }

  public mutating func member(named name: String, _ value: Int) {
    key(named: name)
    text.append(decimal: value)
  }

  /// A member whose value is JSON text already.
  public mutating func member(named name: String, json value: String) {
    key(named: name)
    text.append(utf8: value)
  }

  /// A member that is an object with a number for each name.
  public mutating func member(named name: String, _ counts: [(name: String, count: Int)]) {
    key(named: name)
    text.append(UInt8(ascii: "{"))
    isFirst = true
    for entry in counts { member(named: entry.name, entry.count) }
    text.append(UInt8(ascii: "}"))
    isFirst = false
  }

  private mutating func append(_ digest: Digest256) {
    text.append(UInt8(ascii: "\""))
    digest.append(hexTo: &text)
    text.append(UInt8(ascii: "\""))
  }

  /// The object, without a line feed.
  public consuming func finish() -> [UInt8] {
    text.append(UInt8(ascii: "}"))
    return text.bytes
  }

  /// The object as a line, with its line feed.
  public consuming func finishLine() -> String {
    text.append("}\n")
    return String(decoding: text.view, as: UTF8.self)
  }
}
