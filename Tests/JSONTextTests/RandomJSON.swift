import JSONText
import TestSupport

/// Writes random JSON texts with random white space, escapes and duplicate keys, and notes where
/// each value lies, so that what the scanner locates can be held against it.
struct RandomJSON {
  struct Place: Equatable {
    var start: Int
    var count: Int
    var kind: ValueKind
    var isEscaped: Bool
  }

  var random: SeededGenerator
  var text: [UInt8] = []
  /// By pointer, as UTF-8: `String` would take different spellings of é for the same.
  var places: [[UInt8]: Place] = [:]
  /// Every pointer that was ever written, also those that a later key took away.
  var everSeen: Set<[UInt8]> = []
  var hasDuplicates = false
  var allowsDuplicates = true
  var allowsWhitespace = true

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  static let keys: [String] = [
    "", "a", "b", "ab", "~", "/", "a/b", "m~n", "0", "1", "01", "-", "*", "é", "e\u{301}",
    "\u{301}",
    "😀", "\"", "\\", "\u{0}", "\n", "account", "accounts", "timestamp", "timestamq",
    "sixteen bytes go", "seventeen bytes g", "a key that is longer than thirty-two bytes",
  ]

  mutating func document() {
    space()
    value(at: [], depth: 0)
    space()
  }

  private mutating func space() {
    guard allowsWhitespace else { return }
    while random.chance(25) { text.append(random.pick([0x20, 0x09, 0x0A, 0x0D])) }
  }

  private mutating func value(at path: [UInt8], depth: Int) {
    let start = text.count
    var isEscaped = false
    everSeen.insert(path)
    let kind: ValueKind
    switch Int.random(in: 0..<(depth < 5 ? 12 : 6), using: &random) {
    case 0: kind = literal("null", .null)
    case 1: kind = literal("true", .true)
    case 2: kind = literal("false", .false)
    case 3: kind = number()
    case 4, 5:
      isEscaped = string(content())
      kind = .string
    case 6..<10:
      object(at: path, depth: depth)
      kind = .object
    default:
      array(at: path, depth: depth)
      kind = .array
    }
    places[path] = Place(
      start: start, count: text.count - start, kind: kind, isEscaped: isEscaped)
  }

  private mutating func literal(_ word: String, _ kind: ValueKind) -> ValueKind {
    text += word.utf8
    return kind
  }

  private mutating func number() -> ValueKind {
    if random.chance(30) { text += "-".utf8 }
    let limit = random.pick([9, 1_000_000_000_000])
    text += "\(Int.random(in: 0...limit, using: &random))".utf8
    if random.chance(30) { text += ".\(Int.random(in: 0...999, using: &random))".utf8 }
    if random.chance(20) {
      text += random.pick(["e", "E", "e+", "E-"]).utf8
      text += "\(Int.random(in: 0...20, using: &random))".utf8
    }
    return .number
  }

  private mutating func content() -> String {
    var content = ""
    for _ in 0..<Int.random(in: 0...20, using: &random) {
      content += random.pick(["x", "plain", " ", "é", "€", "😀", "\"", "\\", "\n", "/", "\u{7F}"])
    }
    return content
  }

  /// True if an escape was written.
  private mutating func string(_ content: String) -> Bool {
    var isEscaped = false
    text.append(0x22)
    for scalar in content.unicodeScalars {
      if scalar == "\"" || scalar == "\\" || scalar.value < 0x20 || random.chance(8) {
        isEscaped = true
        for unit in String(scalar).utf16 {
          let hex = String(unit, radix: 16, uppercase: random.chance(50))
          text += "\\u\(String(repeating: "0", count: 4 - hex.count))\(hex)".utf8
        }
      } else {
        text += String(scalar).utf8
      }
    }
    text.append(0x22)
    return isEscaped
  }

  private mutating func object(at path: [UInt8], depth: Int) {
    text.append(UInt8(ascii: "{"))
    space()
    var used: Set<[UInt8]> = []
    for member in 0..<Int.random(in: 0...5, using: &random) {
      let key = random.pick(RandomJSON.keys)
      let child = path + [UInt8(ascii: "/")] + RandomJSON.token(key)
      if used.contains(child) && !allowsDuplicates { continue }
      if member > 0 && !used.isEmpty {
        text.append(UInt8(ascii: ","))
        space()
      }
      if !used.insert(child).inserted { forget(child) }
      _ = string(key)
      space()
      text.append(UInt8(ascii: ":"))
      space()
      value(at: child, depth: depth + 1)
      space()
    }
    text.append(UInt8(ascii: "}"))
  }

  private mutating func forget(_ path: [UInt8]) {
    hasDuplicates = true
    let below = path + [UInt8(ascii: "/")]
    places = places.filter { $0.key != path && !$0.key.starts(with: below) }
  }

  private mutating func array(at path: [UInt8], depth: Int) {
    text.append(UInt8(ascii: "["))
    space()
    for index in 0..<Int.random(in: 0...4, using: &random) {
      if index > 0 {
        text.append(UInt8(ascii: ","))
        space()
      }
      value(at: path + "/\(index)".utf8, depth: depth + 1)
      space()
    }
    text.append(UInt8(ascii: "]"))
  }

  static func token(_ key: String) -> [UInt8] {
    key.utf8.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "~"): Array("~0".utf8)
      case UInt8(ascii: "/"): Array("~1".utf8)
      default: [byte]
      }
    }
  }
}
