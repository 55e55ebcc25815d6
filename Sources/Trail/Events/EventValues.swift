internal import Bytes
internal import JSONText

/// Looks values up in one event after the other, also such as lie inside a string that is JSON itself.
/// It copies what it finds, and so is for the few events that somebody looks at closely.
final class EventValues {
  /// A value.
  struct Found {
    var kind: ValueKind
    /// Its JSON text.
    var text: [UInt8]
  }

  private let scanner: Scanner
  private let slots: [JSONPointer: Int]
  private var fields: [Field]
  private var event = ByteBuffer()

  /// For the values at `pointers`.
  init(_ pointers: [JSONPointer]) {
    var table = PointerTable()
    for pointer in pointers {
      _ = table.slot(pointer)
      // Also all that it leads through: one of them may be the string.
      for count in 1..<max(pointer.tokens.count, 1) {
        _ = table.slot(JSONPointer(tokens: pointer.tokens[..<count]))
      }
    }
    var slots: [JSONPointer: Int] = [:]
    for (slot, pointer) in table.pointers.enumerated() { slots[pointer] = slot }
    self.slots = slots
    scanner = Scanner(PointerSet(table.pointers))
    fields = Array(repeating: .missing, count: max(slots.count, 1))
  }

  /// Takes in an event, valid JSON without its closing brace.
  func load(body: ByteView) {
    event.removeAll()
    event.append(body)
    event.append(UInt8(ascii: "}"))
    let text = event.view
    let scan = fields.withUnsafeMutableBufferPointer { fields in
      fields.baseAddress.map { scanner.scanWhole(text, fields: $0) }
    }
    if scan?.fault != ScanFault.none { fields = fields.map { _ in .missing } }
  }

  /// The value at `pointer`, one of those that were asked for; nil where nothing, null or "" is.
  func value(_ pointer: JSONPointer) -> Found? {
    guard let slot = slots[pointer] else { return nil }
    return EventValues.found(fields[slot], event.view) ?? inside(pointer)
  }

  /// The members `names` of an object that was found, each as `value` would give it, and null too.
  static func members(_ names: [StaticString], of object: [UInt8]) -> [Found?] {
    let pointers = names.map { JSONPointer(member: $0.description) }
    return object.withUnsafeBufferPointer { locate(pointers, in: $0) }
  }

  /// The value at the end of `pointer` where the way there leads through a string.
  private func inside(_ pointer: JSONPointer) -> Found? {
    for count in (1..<max(pointer.tokens.count, 1)).reversed() {
      let prefix = JSONPointer(tokens: pointer.tokens[..<count])
      guard let slot = slots[prefix], fields[slot].kind != .missing else { continue }
      guard fields[slot].kind == .string else { return nil }
      let rest = JSONPointer(tokens: pointer.tokens[count...])
      var text = ByteBuffer()
      JSONString.unescape(event[fields[slot].content], into: &text)
      return EventValues.locate([rest], in: text.view)[0].flatMap { $0.isNothing ? nil : $0 }
    }
    return nil
  }

  private static func locate(_ pointers: [JSONPointer], in text: ByteView) -> [Found?] {
    var fields = Array(repeating: Field.missing, count: pointers.count)
    let scanner = Scanner(PointerSet(pointers))
    let scan = fields.withUnsafeMutableBufferPointer { fields in
      fields.baseAddress.map { scanner.scanWhole(text, fields: $0) }
    }
    guard scan?.fault == ScanFault.none else { return pointers.map { _ in nil } }
    return fields.map { field in
      guard field.kind != .missing else { return nil }
      return Found(kind: field.kind, text: Array(text[Int(field.start)..<field.span.end]))
    }
  }

  private static func found(_ field: Field, _ text: ByteView) -> Found? {
    guard field.kind != .missing else { return nil }
    let found = Found(kind: field.kind, text: Array(text[Int(field.start)..<field.span.end]))
    return found.isNothing ? nil : found
  }
}

extension EventValues.Found {
  /// True for null and "".
  var isNothing: Bool { kind == .null || (kind == .string && text.count == 2) }

  /// What a string, number or boolean stands for; nil for anything else.
  var scalar: [UInt8]? {
    var plain = ByteBuffer()
    let hasText = text.withUnsafeBufferPointer { field.appendText(in: $0, to: &plain) }
    return hasText ? plain.bytes : nil
  }

  /// Its beginning, for messages.
  var shown: String {
    let beginning = String(decoding: text.prefix(64), as: UTF8.self)
    return text.count > 64 ? beginning + "…" : beginning
  }

  /// The value as a field of its own text.
  var field: Field {
    Field(
      start: 0, count: UInt32(truncatingIfNeeded: text.count), kind: kind,
      isEscaped: kind == .string && text.contains(UInt8(ascii: "\\")))
  }
}

extension JSONPointer {
  /// The pointer with these tokens.
  init(tokens: ArraySlice<String>) {
    self = tokens.reduce(JSONPointer.whole) { $0.appending($1) }
  }
}
