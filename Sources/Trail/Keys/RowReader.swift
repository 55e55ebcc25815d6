internal import Bytes
internal import JSONText

/// Reads one row of a lookup table after the other: values by name, each at the first of several
/// places that holds one.
struct RowReader: ~Copyable {
  private let scanner: Scanner
  private var fields: FlatArray<Field>
  private let places: [[Int]]

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
    let scan = scanner.scanWhole(row, fields: target)
    guard scan.fault == .none else {
      throw LookupError(line: line, reason: "\(scan.fault.reason), byte \(scan.end)")
    }
    guard scan.kind == .object else {
      throw LookupError(line: line, reason: "a row must be an object")
    }
  }

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

  /// The time that value `index` says, in microseconds since 1970; nil if it is missing.
  func time(_ index: Int, of row: ByteView, line: Int, _ name: String) throws(LookupError) -> Int64?
  {
    guard let field = field(index) else { return nil }
    guard let time = RowReader.time(field, of: row) else {
      throw LookupError(line: line, reason: "\(name) is no time: use seconds or RFC 3339")
    }
    return time
  }

  /// Seconds, milliseconds, RFC 3339 or a date; of a table without types also digits in a string.
  static func time(_ field: Field, of row: ByteView) -> Int64? {
    var scratch = ByteBuffer()
    return field.text(in: row, scratch: &scratch).flatMap { time(field.kind, $0) }
  }

  private static func time(_ kind: ValueKind, _ text: ByteView) -> Int64? {
    switch kind {
    case .number: return Timestamp(number: text)?.microseconds
    case .string:
      let time = Timestamp(rfc3339: text) ?? Timestamp(date: text) ?? Timestamp(number: text)
      return time?.microseconds
    default: return nil
    }
  }
}
