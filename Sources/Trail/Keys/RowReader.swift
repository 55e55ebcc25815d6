internal import Bytes
internal import JSONText

/// Reads one row of a lookup table after the other: values by name, each at the first of several
/// places that holds one.
struct RowReader: ~Copyable {
  private let scanner: Scanner
  private var fields: FlatArray<Field>
  private let places: [[Int]]
  /// Of no values, to look for duplicates only.
  private let inner = Scanner(PointerSet([]))

  /// A reader whose value k is at the first of `places[k]`.
  init(_ places: [[JSONPointer]]) {
    var table = PointerTable()
    self.places = places.map { $0.map { table.slot($0) } }
    let set = PointerSet(table.pointers)
    scanner = Scanner(set)
    fields = FlatArray(capacity: max(set.count, 1))
    fields.append(repeating: .missing, count: max(set.count, 1))
  }

  /// Scans a row, which must be a JSON object and nothing else.
  mutating func scan(_ row: ByteView, line: Int) throws(LookupError) {
    guard let target = fields.elements.baseAddress else { return }
    let scan = scanner.scanWhole(row, findsDuplicates: true, fields: target)
    guard scan.fault == .none else {
      throw LookupError(line: line, reason: "\(scan.fault.reason), byte \(scan.end)")
    }
    try RowReader.refuseDuplicate(scan, in: row, line: line)
    guard scan.kind == .object else {
      throw LookupError(line: line, reason: "a row must be an object")
    }
  }

  /// Refuses JSON inside of a string in which an object has a member twice, as `scan` does a row: which of
  /// the two counts, readers disagree on.
  func refuseDuplicates(in text: ByteView, line: Int) throws(LookupError) {
    let scan = withUnsafeTemporaryAllocation(of: Field.self, capacity: 1) { fields in
      fields.baseAddress.map { inner.scan(text, findsDuplicates: true, fields: $0) }
    }
    if let scan { try RowReader.refuseDuplicate(scan, in: text, line: line) }
  }

  private static func refuseDuplicate(
    _ scan: Scan, in text: ByteView, line: Int
  ) throws(LookupError) {
    guard let name = scan.duplicate else { return }
    let shown = ShownName.text(ByteView(rebasing: text[Int(name.start)..<name.end]))
    throw LookupError(line: line, reason: "an object has the member \(shown) twice")
  }

  /// What a row has instead of what it should have, for messages: names alone, as values may be secrets.
  static func members(of row: ByteView) -> String {
    let names = ShownName.members(of: row)
    return names.isEmpty ? "this one is empty" : "this one has \(ShownName.list(names))"
  }

  /// True if value `index` is in the row at all, `null` and "" included.
  func isWritten(_ index: Int) -> Bool { places[index].contains { fields[$0].kind != .missing } }

  /// Where value `index` is; `null` and "" count as missing.
  func field(_ index: Int) -> Field? {
    for slot in places[index] {
      let field = fields[slot]
      let isEmpty = field.kind == .string && field.count == 2
      if field.kind != .missing && field.kind != .null && !isEmpty { return field }
    }
    return nil
  }

  /// Appends what a string, number or boolean stands for; false if there is none.
  func append(_ index: Int, of row: ByteView, to buffer: inout ByteBuffer) -> Bool {
    field(index)?.appendText(in: row, to: &buffer) ?? false
  }

  /// Puts the id of a key, value `index`, into `buffer`, in place of what is there. Refuses a row without
  /// one; `what` is what the message calls it.
  func readKey(
    _ index: Int, of row: ByteView, line: Int, what: String, to buffer: inout ByteBuffer
  ) throws(LookupError) {
    buffer.removeAll()
    guard append(index, of: row, to: &buffer) else {
      throw LookupError(
        line: line, reason: "\(what) needs a \"key_id\": \(RowReader.members(of: row))")
    }
  }

  /// The bound that value `index` says; nil if it is missing.
  func bound(
    _ index: Int, of row: ByteView, line: Int, _ name: String
  ) throws(LookupError) -> WrittenBound? {
    guard let field = field(index) else { return nil }
    return try RowReader.bound(field, of: row, line: line, name)
  }

  /// The bound of a key's validity that value `index` says, in microseconds since 1970; nil if it is
  /// missing, or what programs write where there is none.
  func time(_ index: Int, of row: ByteView, line: Int, _ name: String) throws(LookupError) -> Int64?
  {
    switch try bound(index, of: row, line: line, name) {
    case .time(let time), .timeOrBeyond(let time): time.microseconds
    case nil, .zero, .firstYear, .lastYear: nil
    }
  }

  /// True if "" stands at the first place of value `index` that holds anything.
  func isBlank(_ index: Int) -> Bool {
    for slot in places[index] where fields[slot].kind != .missing && fields[slot].kind != .null {
      return fields[slot].kind == .string && fields[slot].count == 2
    }
    return false
  }

  /// False if the row says, at value `index`, that it is not verified: by anything but what plainly says that
  /// it is. `scratch` is overwritten.
  func saysVerified(_ index: Int, of row: ByteView, _ scratch: inout ByteBuffer) -> Bool {
    guard let field = field(index) else { return true }
    guard field.kind == .string || field.kind == .number,
      let text = field.text(in: row, scratch: &scratch)
    else { return field.kind == .false }
    return RowReader.falsehoods.contains(String(decoding: text, as: UTF8.self).lowercased())
  }
  private static let falsehoods: Set<String> = ["false", "no", "0"]

  /// The bound that a value says: a number, whose size tells its unit, RFC 3339 or a date; also digits in a
  /// string, as tables without types have them.
  static func bound(
    _ field: Field, of row: ByteView, line: Int, _ name: String
  ) throws(LookupError) -> WrittenBound {
    guard let bound = RowReader.bound(field, of: row) else {
      throw LookupError(line: line, reason: "\(name) is no time: use seconds or RFC 3339")
    }
    return bound
  }

  /// As above; nil if it is none.
  static func bound(_ field: Field, of row: ByteView) -> WrittenBound? {
    var scratch = ByteBuffer()
    guard let text = field.text(in: row, scratch: &scratch) else { return nil }
    switch field.kind {
    case .number: return WrittenBound(number: text)
    case .string: return WrittenBound(text: text)
    default: return nil
    }
  }
}
