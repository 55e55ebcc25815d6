public import Bytes

// What a located value says as text: a string its content, unescaped; a number or boolean itself, as it is
// written. Null, objects, arrays and what is missing have no text.

extension Field {
  /// Where the text is written, if need be with escapes; nil if the value has none.
  @inlinable public var textSpan: Span32? {
    switch kind {
    case .string: content
    case .number, .true, .false: span
    case .missing, .null, .object, .array: nil
    }
  }

  /// The text of the value, which was located in `json`: a part of that or, unescaped, of `scratch`, which
  /// loses what it held. Nil if the value has none.
  public func text(in json: ByteView, scratch: inout ByteBuffer) -> ByteView? {
    guard let span = textSpan else { return nil }
    let written = ByteView(rebasing: json[Int(span.start)..<span.end])
    guard isEscaped else { return written }
    scratch.removeAll()
    JSONString.unescape(written, into: &scratch)
    return scratch.view
  }

  /// Appends the text of the value, which was located in `json`; false if it has none.
  @discardableResult public func appendText(in json: ByteView, to buffer: inout ByteBuffer) -> Bool
  {
    guard let span = textSpan else { return false }
    let written = ByteView(rebasing: json[Int(span.start)..<span.end])
    if isEscaped { JSONString.unescape(written, into: &buffer) } else { buffer.append(written) }
    return true
  }
}

// What a program writes where it has nothing to say counts as nothing, and does not hide what another place
// says: null, an empty string and an empty object. An empty array does not: a list is a list.

extension Field {
  /// True for null, "", {} and what is missing. `value` is the text of the value.
  @inlinable public func isNothing(_ value: @autoclosure () -> ByteView) -> Bool {
    switch kind {
    case .missing, .null: true
    case .string: count <= 2
    case .object: Field.isEmptyObject(value())
    case .number, .true, .false, .array: false
    }
  }

  /// True if nothing but white space stands between the braces.
  @usableFromInline static func isEmptyObject(_ text: ByteView) -> Bool {
    for at in 1..<max(text.count, 1) where text[at] > 0x20 { return at == text.count - 1 }
    return false
  }
}

extension Timestamp {
  /// The time that an event gives as a number or as a string, see `init(number:zone:)` and
  /// `init(text:zone:)`. `text` is that of a value of the kind `kind`.
  public init?(_ kind: ValueKind, _ text: ByteView, zone: UTCOffset? = nil) {
    switch kind {
    case .number: self.init(number: text, zone: zone)
    case .string: self.init(text: text, zone: zone)
    default: return nil
    }
  }
}
