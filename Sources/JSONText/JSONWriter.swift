public import Bytes

/// Writes an object member by member, without white space: equal values make equal bytes.
public struct JSONWriter: ~Copyable {
  private var text: ByteBuffer
  private var isFirst = true

  /// A writer that appends an object to `text`; `end` gives it back.
  public init(appendingTo text: consuming ByteBuffer = ByteBuffer(capacity: 512)) {
    self.text = text
    self.text.append(UInt8(ascii: "{"))
  }

  private mutating func key(_ name: StaticString) {
    separate()
    text.append(UInt8(ascii: "\""))
    text.append(name)
    text.append("\":")
  }

  private mutating func separate() {
    if !isFirst { text.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  private mutating func array<Value>(
    _ values: [Value], _ append: (Value, inout ByteBuffer) -> Void
  ) {
    text.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      append(value, &text)
    }
    text.append(UInt8(ascii: "]"))
  }

  /// A member that is a string.
  public mutating func member(_ name: StaticString, _ value: String) {
    key(name)
    JSONString.append(quoting: value, to: &text)
  }

  /// A member that is a string or null.
  public mutating func member(_ name: StaticString, _ value: String?) {
    key(name)
    guard let value else { return text.append("null") }
    JSONString.append(quoting: value, to: &text)
  }

  /// A member that is a whole number.
  public mutating func member(_ name: StaticString, _ value: Int64) {
    key(name)
    text.append(decimal: Int(value))
  }

  /// A member that is a digest in hexadecimal, or null.
  public mutating func member(_ name: StaticString, _ value: Digest256?) {
    key(name)
    guard let value else { return text.append("null") }
    JSONWriter.append(value, &text)
  }

  /// A member that is an array of digests in hexadecimal.
  public mutating func member(_ name: StaticString, _ values: [Digest256]) {
    key(name)
    array(values, JSONWriter.append)
  }

  /// A member that is an array of strings.
  public mutating func member(_ name: String, _ values: [String]) {
    key(named: name)
    array(values) { JSONString.append(quoting: $0, to: &$1) }
  }

  /// A member that is a string of these bytes, which are UTF-8.
  public mutating func member(_ name: StaticString, utf8 value: ByteView) {
    key(name)
    JSONString.append(quoting: value, to: &text)
  }

  /// A member whose value `body` appends, as JSON.
  public mutating func member(_ name: StaticString, raw body: (inout ByteBuffer) -> Void) {
    key(name)
    body(&text)
  }

  /// A member that is a time as RFC 3339 writes it, or null.
  public mutating func member(_ name: StaticString, _ value: Timestamp?) {
    key(name)
    guard let value else { return text.append("null") }
    text.append(UInt8(ascii: "\""))
    value.append(rfc3339To: &text)
    text.append(UInt8(ascii: "\""))
  }

  /// A member that is an object of its own.
  public mutating func member(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
    key(name)
    text.append(UInt8(ascii: "{"))
    isFirst = true
    body(&self)
    text.append(UInt8(ascii: "}"))
    isFirst = false
  }

  /// A member that is an array of `count` objects; `body` writes the members of the one with a number.
  public mutating func member(
    _ name: StaticString, objects count: Int, _ body: (Int, inout JSONWriter) -> Void
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
    separate()
    JSONString.append(quoting: name, to: &text)
    text.append(UInt8(ascii: ":"))
  }

  /// A member that is a string.
  public mutating func member(named name: String, _ value: String) {
    key(named: name)
    JSONString.append(quoting: value, to: &text)
  }

  /// A member that is a whole number.
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

  private static func append(_ digest: Digest256, _ text: inout ByteBuffer) {
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

  /// Ends the object, and gives back the text that it was appended to.
  public consuming func end() -> ByteBuffer {
    text.append(UInt8(ascii: "}"))
    return text
  }
}
