internal import Bytes
public import JSONText

/// What rows of a claim store say else has to fit an event, beside key and time: the members of their
/// `where`, each a JSON Pointer into the event and the value, or one of the values, that stands there.
///
/// An event contradicts a condition if it has another value at one of the pointers. Where it has none,
/// `null`, "", an object or an array, it contradicts nothing. Values that are addresses or blocks of them are
/// compared as such: what is no address (the name of a host, or of a service) contradicts none.
public struct TokenConditions: Sendable {
  /// Most members of one `where`: 16.
  static let mostMembers = 16
  /// Most different pointers of a store: 64.
  static let mostPointers = 64
  /// Most values of one member: 1,000.
  static let mostValues = 1_000

  struct Value: Hashable, Sendable {
    let isNumber: Bool
    let text: [UInt8]
    let block: AddressBlock?

    static func == (left: Value, right: Value) -> Bool {
      left.isNumber == right.isNumber && left.text == right.text
    }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }
  }

  struct Member: Hashable, Sendable {
    let slot: Int
    let values: [Value]
  }

  /// Where events have the values.
  public let pointers: PointerSet
  private let conditions: [[Member]]
  private let names: [String]

  init(_ conditions: [[Member]], _ pointers: [JSONPointer]) {
    self.conditions = conditions
    self.pointers = PointerSet(pointers)
    names = pointers.map(\.description)
  }

  /// The first pointer, as it is written, at which `event`, in which all were located, has another value than
  /// condition `number` says; nil if there is none.
  func contradiction(
    of number: Int, _ event: ByteView, _ fields: UnsafePointer<Field>, _ scratch: inout ByteBuffer
  ) -> String? {
    for member in conditions[number] {
      let field = fields[member.slot]
      guard let text = field.text(in: event, scratch: &scratch), !text.isEmpty,
        !text.lacksCharacter
      else { continue }
      let isNumber = field.kind == .number
      if member.values.contains(where: { $0.isMet(text, isNumber: isNumber) }) { continue }
      let isOfAddresses = member.values.contains { $0.block != nil }
      if isOfAddresses, AddressBlock.Address(text) == nil { continue }
      return names[member.slot]
    }
    return nil
  }
}

extension TokenConditions.Value {
  fileprivate func isMet(_ other: ByteView, isNumber isOtherNumber: Bool) -> Bool {
    if let block, let address = AddressBlock.Address(other) { return block.contains(address) }
    if isNumber && isOtherNumber {
      return text.withUnsafeBufferPointer { JSONNumbers.compare($0, other) == 0 }
    }
    return other.elementsEqual(text)
  }
}

/// Reads the conditions of rows.
struct TokenConditionReader {
  private var table = PointerTable()
  private var conditions: [[TokenConditions.Member]] = []
  private var numbers: [[TokenConditions.Member]: UInt32] = [:]

  /// The number of the condition that `object`, the value of a row's `where`, is; those that say the same
  /// have one number.
  mutating func add(_ object: ByteView, line: Int) throws(LookupError) -> UInt32 {
    let members = try members(object, line).sorted { $0.slot < $1.slot }
    if let known = numbers[members] { return known }
    let number = UInt32(conditions.count)
    conditions.append(members)
    numbers[members] = number
    return number
  }

  /// Everything that was read; nil if there was nothing.
  consuming func finish() -> TokenConditions? {
    conditions.isEmpty ? nil : TokenConditions(conditions, table.pointers)
  }

  private mutating func members(
    _ object: ByteView, _ line: Int
  ) throws(LookupError) -> [TokenConditions.Member] {
    var fields: [Field] = []
    let scan = Scanner(.everyElement).collect(object) { fields.append($0.field) }
    guard scan.fault == .none, scan.kind == .object else {
      throw LookupError(line: line, reason: "\"where\" must be an object")
    }
    guard fields.count <= TokenConditions.mostMembers else {
      throw LookupError(
        line: line,
        reason: "\"where\" has more than \(TokenConditions.mostMembers) members (max_where_members)"
      )
    }
    var members: [TokenConditions.Member] = []
    for field in fields {
      let name = MemberName.text(before: Int(field.start), in: object)
      guard let name, let pointer = try? JSONPointer(String(decoding: name, as: UTF8.self)) else {
        throw LookupError(line: line, reason: "a member of \"where\" is no JSON Pointer")
      }
      let slot = table.slot(pointer)
      guard slot < TokenConditions.mostPointers else {
        throw LookupError(
          line: line,
          reason:
            "more than \(TokenConditions.mostPointers) pointers in \"where\" (max_where_pointers)")
      }
      members.append(TokenConditions.Member(slot: slot, values: try values(field, object, line)))
    }
    return members
  }

  private func values(
    _ field: Field, _ object: ByteView, _ line: Int
  ) throws(LookupError) -> [TokenConditions.Value] {
    var values: [TokenConditions.Value] = []
    var scratch = ByteBuffer()
    var areScalars = true
    var isBlank = false
    func take(_ field: Field, _ text: ByteView) {
      guard values.count <= TokenConditions.mostValues,
        let text = field.text(in: text, scratch: &scratch)
      else { return areScalars = false }
      if text.isEmpty { isBlank = true }
      values.append(
        TokenConditions.Value(
          isNumber: field.kind == .number, text: Array(text),
          block: field.kind == .string ? AddressBlock(text) : nil))
    }
    if field.kind == .array {
      let list = ByteView(rebasing: object[Int(field.start)..<field.span.end])
      _ = Scanner(.everyElement).collect(list) { take($0.field, list) }
    } else {
      take(field, object)
    }
    guard areScalars else {
      throw LookupError(
        line: line,
        reason: "a member of \"where\" must be a string, a number, a boolean, or at most"
          + " \(TokenConditions.mostValues) of these (max_where_values)")
    }
    guard !isBlank, !values.isEmpty else {
      throw LookupError(
        line: line,
        reason:
          "a member of \"where\" is empty: no event meets that; leave it out, or give its values")
    }
    return values
  }
}
