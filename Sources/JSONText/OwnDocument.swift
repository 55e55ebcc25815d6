public import Bytes

/// Where the members lie that a kind of document has.
public struct DocumentMembers: Sendable {
  /// JSON Pointers, in the order of their places; `*` stands for all elements of an array.
  public let pointers: [String]
  private let places: [String: Int]
  fileprivate let set: PointerSet
  /// For each pointer whether it may find several values.
  fileprivate let areMany: [Bool]

  /// The members at these pointers, which are written in the program: one that is no pointer ends it.
  public init(_ pointers: [String]) {
    self.pointers = pointers
    places = Dictionary(uniqueKeysWithValues: pointers.enumerated().map { ($1, $0) })
    areMany = pointers.map { $0.contains("*") }
    let parsed = pointers.map { text in
      guard let pointer = try? JSONPointer(text) else {
        preconditionFailure("no JSON Pointer: \(text)")
      }
      return pointer
    }
    set = PointerSet(parsed, wildcards: areMany.contains(true))
  }

  /// The place of a pointer, which has to be one of them.
  public func place(_ pointer: String) -> Int {
    guard let place = places[pointer] else {
      preconditionFailure("a member that is not asked for: \(pointer)")
    }
    return place
  }
}

/// Why a text is no document of ours.
public enum DocumentFault: Error, Equatable, Sendable {
  /// It is no JSON, from this byte on.
  case noJSON(ScanFault, at: Int)
  /// It is not one object and nothing else.
  case noObject
  /// The member at this pointer is there twice: readers differ in which of two they take.
  case twice(String)
  /// The array at this pointer, or one before it, has more elements than a scan reports.
  case tooMany(String)
}

/// Reads documents that this program wrote itself: manifests, their rows, checkpoints, proofs. Every member
/// that is asked for may be there once; others are skipped.
public struct DocumentReader: ~Copyable {
  private let members: DocumentMembers
  private let scanner: Scanner
  private var fields: FlatArray<Field>

  /// A reader of documents with these members.
  public init(_ members: DocumentMembers) {
    self.members = members
    scanner = Scanner(members.set)
    fields = FlatArray(capacity: max(members.set.count, 1))
    fields.append(repeating: .missing, count: members.set.count)
  }

  /// The document that a text is. It is valid as long as the text, and until another one is read.
  public mutating func read(_ text: ByteView) throws(DocumentFault) -> OwnDocument {
    var elements: [Match] = []
    var twice: Int?
    var (count, last) = (0, 0)
    for slot in 0..<fields.count { fields[slot] = .missing }
    let scan = scanner.collect(text) { match in
      let slot = Int(match.slot)
      count += 1
      last = slot
      if members.areMany[slot] {
        elements.append(match)
      } else if fields[slot].kind == .missing {
        fields[slot] = match.field
      } else {
        twice = twice ?? slot
      }
    }
    guard scan.fault == .none else { throw .noJSON(scan.fault, at: scan.end) }
    guard scan.kind == .object, Scanner.skipWhitespace(text, from: scan.end) == text.count else {
      throw .noObject
    }
    guard count <= Scanner.mostMatches else { throw .tooMany(members.pointers[last]) }
    if let twice { throw .twice(members.pointers[twice]) }
    return OwnDocument(
      text: text, fields: UnsafeBufferPointer(fields.elements), elements: elements)
  }
}

/// A document that was read: its members by their place in `DocumentMembers`.
public struct OwnDocument {
  private let text: ByteView
  private let fields: UnsafeBufferPointer<Field>
  /// Values of pointers that may find several.
  private let elements: [Match]

  init(text: ByteView, fields: UnsafeBufferPointer<Field>, elements: [Match]) {
    self.text = text
    self.fields = fields
    self.elements = elements
  }

  /// What kind of value a member is; `missing` if it is not there.
  public func kind(_ place: Int) -> ValueKind { fields[place].kind }

  /// A member that is a string.
  public func string(_ place: Int) -> String? { string(fields[place]) }

  /// The bytes that a member stands for that is a string; nil if it holds half of a surrogate pair.
  public func bytes(_ place: Int) -> [UInt8]? {
    guard fields[place].kind == .string else { return nil }
    var value = ByteBuffer()
    guard JSONString.unescape(content(fields[place]), into: &value) else { return nil }
    return value.bytes
  }

  /// A member that is a whole number.
  public func number<Number: FixedWidthInteger>(_ place: Int, _ type: Number.Type = Number.self)
    -> Number?
  {
    let field = fields[place]
    guard field.kind == .number else { return nil }
    return Number(String(decoding: view(field.span), as: UTF8.self))
  }

  /// A member that is a digest of 64 hexadecimal digits.
  public func digest(_ place: Int) -> Digest256? { digest(fields[place]) }

  /// A member that is a time.
  public func time(_ place: Int) -> Timestamp? {
    let field = fields[place]
    return field.kind == .string ? Timestamp(rfc3339: content(field)) : nil
  }

  /// The strings of an array; nil if it holds something else.
  public func strings(_ place: Int) -> [String]? {
    all(elements(place).map { string($0) })
  }

  /// The strings of an array, nil for each null; nil if it holds something else.
  public func texts(_ place: Int) -> [String?]? {
    let values: [String??] = elements(place).map { field in
      field.kind == .null ? .some(nil) : string(field).map(Optional.some)
    }
    return all(values)
  }

  /// The digests of an array; nil if it holds something else.
  public func digests(_ place: Int) -> [Digest256]? {
    all(elements(place).map { digest($0) })
  }

  /// How many elements an array has.
  public func count(_ place: Int) -> Int { elements(place).count }

  private func elements(_ place: Int) -> [Field] {
    elements.filter { Int($0.slot) == place }.map(\.field)
  }

  private func all<Value>(_ values: [Value?]) -> [Value]? {
    let found = values.compactMap { $0 }
    return found.count == values.count ? found : nil
  }

  private func string(_ field: Field) -> String? {
    guard field.kind == .string else { return nil }
    guard field.isEscaped else { return String(decoding: content(field), as: UTF8.self) }
    var value = ByteBuffer()
    JSONString.unescape(content(field), into: &value)
    return String(decoding: value.view, as: UTF8.self)
  }

  private func digest(_ field: Field) -> Digest256? {
    field.kind == .string ? Digest256(hex: content(field)) : nil
  }

  private func content(_ field: Field) -> ByteView { view(field.content) }

  private func view(_ span: Span32) -> ByteView {
    ByteView(rebasing: text[Int(span.start)..<span.end])
  }
}
