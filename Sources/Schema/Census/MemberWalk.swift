internal import Bytes
internal import JSONText

/// Goes through a line of an archive, which is an object, and says which members it has and of what kind
/// their values are. Trusts nothing: of what is no object, or is cut off, it says so.
struct MemberWalk {
  /// What is seen of a line besides its members.
  struct Sight {
    /// True if a string has one half of a surrogate pair without the other, which RFC 8259 allows and many
    /// readers do not.
    var hasHalfPair = false
    /// True if a number is beyond what any double holds.
    var hasHugeNumber = false
  }

  private let text: ByteView
  private var at = 0
  private(set) var sight = Sight()

  init(_ text: ByteView) { self.text = text }

  /// Calls `body` with the name of each member, without its quotes, and the kind of its value; false if the
  /// line is no object.
  mutating func forEachMember(_ body: (ByteView, ValueShape) -> Void) -> Bool {
    skipSpace()
    guard take(UInt8(ascii: "{")) else { return false }
    skipSpace()
    if take(UInt8(ascii: "}")) { return true }
    while true {
      skipSpace()
      guard let name = string() else { return false }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { return false }
      skipSpace()
      guard let shape = value() else { return false }
      body(name, shape)
      skipSpace()
      if take(UInt8(ascii: "}")) { return true }
      guard take(UInt8(ascii: ",")) else { return false }
    }
  }

  private mutating func skipSpace() { at = Scanner.skipWhitespace(text, from: at) }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard at < text.count, text[at] == byte else { return false }
    at += 1
    return true
  }

  /// The content of a string, behind which it goes on; nil if none begins here, or it does not end.
  private mutating func string() -> ByteView? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = at
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: "\""):
        at += 1
        return ByteView(rebasing: text[start..<at - 1])
      case UInt8(ascii: "\\"):
        at += escapeLength()
      default: at += 1
      }
    }
    return nil
  }

  /// Bytes of the escape sequence that begins here.
  private mutating func escapeLength() -> Int {
    guard let unit = JSONString.escapedUnit(text, at), unit & 0xF800 == 0xD800 else { return 2 }
    if let low = JSONString.escapedUnit(text, at + 6), JSONString.scalar(unit, low) != nil {
      return 12
    }
    sight.hasHalfPair = true
    return 6
  }

  /// The kind of a value, behind which it goes on; nil if none ends here.
  private mutating func value() -> ValueShape? {
    guard at < text.count else { return nil }
    switch text[at] {
    case UInt8(ascii: "\""): return string() == nil ? nil : .text
    case UInt8(ascii: "{"), UInt8(ascii: "["): return container() ? .container : nil
    default: return scalar()
    }
  }

  /// True if an object or array ends, behind which it goes on.
  private mutating func container() -> Bool {
    var depth = 0
    repeat {
      guard at < text.count else { return false }
      switch text[at] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        at += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        at += 1
      case UInt8(ascii: "\""): if string() == nil { return false }
      case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D: at += 1
      default: if scalar() == nil { return false }
      }
    } while depth > 0
    return true
  }

  private mutating func scalar() -> ValueShape? {
    let start = at
    while at < text.count, MemberWalk.isOfScalar(text[at]) { at += 1 }
    let word = ByteView(rebasing: text[start..<at])
    switch word.first {
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
    case UInt8(ascii: "n"): return .null
    case nil: return nil
    default: return number(word)
    }
  }

  private static func isOfScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  private mutating func number(_ word: ByteView) -> ValueShape {
    if word.count < 19, MemberWalk.isWhole(word) { return .integer }
    let hasExponent = word.contains { $0 | 0x20 == UInt8(ascii: "e") }
    guard hasExponent || word.count < 30 || word.count > 300 else { return .number }
    let text = String(decoding: word, as: UTF8.self)
    if MemberWalk.isWhole(word), Int64(text) != nil { return .integer }
    if Double(text)?.isFinite != true { sight.hasHugeNumber = true }
    return .number
  }

  private static func isWhole(_ word: ByteView) -> Bool {
    let digits = word.first == UInt8(ascii: "-") ? word.dropFirst() : word[...]
    return !digits.isEmpty && digits.allSatisfy { $0 &- 0x30 < 10 }
  }
}

/// What kind a member's value is, as far as a column's type goes.
struct ValueShape: OptionSet {
  let rawValue: UInt8

  static let text = ValueShape(rawValue: 1)
  static let boolean = ValueShape(rawValue: 2)
  /// A whole number of 64 bits, written without point and exponent.
  static let integer = ValueShape(rawValue: 4)
  /// Any other number.
  static let number = ValueShape(rawValue: 8)
  /// An object or an array.
  static let container = ValueShape(rawValue: 16)
  static let null = ValueShape(rawValue: 32)
  /// Of some events nobody knows.
  static let anything: ValueShape = [.text, .container]
}
