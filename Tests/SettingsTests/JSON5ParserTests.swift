import Bytes
import Foundation
import Settings
import TestSupport
import Testing

@Suite struct JSON5ParserTests {
  @Test(arguments: [
    ("null", "null"), (" true ", "true"), ("/* a */false// b", "false"), ("{}", "{}"), ("[]", "[]"),
    ("{a:1}", #"{"a":1}"#), ("{a:1,}", #"{"a":1}"#), ("[1,]", "[1]"),
    ("{'a b':[1,{b:2}]}", #"{"a b":[1,{"b":2}]}"#),
    (
      "{$_a1:1, ünï: 2, \\u0061b: 3, a\\u200Cb: 4}",
      "{\"$_a1\":1,\"ünï\":2,\"ab\":3,\"a\u{200C}b\":4}"
    ),
    ("{true: 1, null: 2, Infinity: 3}", #"{"true":1,"null":2,"Infinity":3}"#),
    ("'it\"s'", #""it\"s""#), (#""it's""#, #""it's""#), ("'a\\\nb'", #""ab""#),
    ("'a\\\r\nb'", #""ab""#),
    ("'a\\\u{2028}b'", #""ab""#), ("'a\u{2028}b'", "\"a\u{2028}b\""),
    ("'\\x41\\u00e9\\a\\/'", #""Aéa/""#),
    ("'\\0\\v\\b\\f\\n\\r\\t\\\\\\''", #""\u0000\u000b\b\f\n\r\t\\'""#),
    ("'\\uD834\\uDD1E'", #""𝄞""#),
    ("'a\tb'", #""a\tb""#), ("\u{FEFF}[1]", "[1]"),
    ("\u{00A0}\u{3000}\u{0B}[1\u{2029}]\u{FEFF}", "[1]"),
    ("// c\r[1]", "[1]"), ("// c\u{2028}[1]", "[1]"), ("/***/[1]/* * / */", "[1]"),
    ("'\u{7F}'", "\"\\u007f\""),
  ])
  func accepts(text: String, expected: String) throws {
    #expect(try json(parse(text)) == expected)
  }

  @Test(arguments: [
    ("", "1:1: expected a value, found the end of the file"),
    ("{a:1", "1:5: expected \",\" or \"}\", found the end of the file"),
    ("{a 1}", "1:4: expected \":\" after the key \"a\", found \"1\""),
    ("{,}", "1:2: expected a key, found \",\""), ("[,]", "1:2: expected a value, found \",\""),
    ("[1,,2]", "1:4: expected a value, found \",\""), ("{1:2}", "1:2: expected a key, found \"1\""),
    ("[1 2]", "1:4: expected \",\" or \"]\", found \"2\""),
    ("[1]\n ]", "2:2: found \"]\" after the end of the value"),
    ("\r\n\r\n  nul", "3:3: expected a value, found nul: a string needs quotes"),
    ("\n/* a", "2:1: this comment is not closed: end it with */"),
    ("/*/", "1:1: this comment is not closed: end it with */"),
    ("/", "1:1: expected a value, found \"/\""),
    ("['é', x]", "1:7: expected a value: a string needs quotes"),
    ("[ whsec_9f8Zk3LqT0p]", "1:3: expected a value: a string needs quotes"),
    ("[None]", "1:2: expected a value, found None: a string needs quotes"),
    ("-whsec", "1:2: expected digits, found \"w\""),
    ("-Nullsec", "1:2: expected a value: a string needs quotes"),
    ("{whsec_9f8Zk3-x:2}", "1:14: expected \":\" after the key, found \"-\""),
    (
      "{whsec_9f8Zk3: 1, 'whsec_9f8Zk3': 2}",
      "1:19: this key is there already: line 1, column 2"
    ),
    ("'a\nb'", "1:1: this string is not closed: end it with ' on the same line"),
    ("\"a'", "1:1: this string is not closed: end it with \" on the same line"),
    ("'a\\", "1:3: this escape is not complete"),
    ("'\\1'", "1:2: octal escapes are no JSON5: write \\x and two digits"),
    ("'\\01'", "1:2: octal escapes are no JSON5: write \\x and two digits"),
    ("'\\x4'", "1:2: this escape needs 2 hexadecimal digits"),
    ("'\\u12G4'", "1:2: this escape needs 4 hexadecimal digits"),
    ("'\\uD834'", "1:2: this escape is half of a surrogate pair"),
    ("'\\uDD1E'", "1:2: this escape is half of a surrogate pair"),
    ("'\\uD834\\u0041'", "1:2: this escape is half of a surrogate pair"),
    ("'a\u{01}'", "1:3: control character U+0001 in a string: escape it"),
    ("'\0'", "1:2: control character U+0000 in a string: escape it"),
    ("[\u{01}]", "1:2: expected a value, found U+0001"),
    ("{a\\x41:1}", "1:3: expected \\u and four digits in a key"),
    ("{\\u0020:1}", "1:2: U+0020 cannot be in a bare key: quote it"),
    ("{\n  a: 1,\n  'a': 2}", "3:3: the key \"a\" is there already: line 2, column 3"),
    ("{a:1,\\u0061:2}", "1:6: the key \"a\" is there already: line 1, column 2"),
    ("01", "1:1: a number must not begin with a 0 that more digits follow"),
    ("-00", "1:2: a number must not begin with a 0 that more digits follow"),
    (".", "1:2: expected digits, found the end of the file"),
    ("+", "1:2: expected digits, found the end of the file"),
    ("1e", "1:3: expected the digits of an exponent, found the end of the file"),
    ("0x", "1:3: expected hexadecimal digits, found the end of the file"),
    ("0xg", "1:3: expected hexadecimal digits, found \"g\""),
    ("1a", "1:2: found \"a\" right after a number"),
    ("1.2.3", "1:4: found \".\" right after a number"),
    ("--1", "1:2: expected digits, found \"-\""),
    ("+true", "1:2: expected digits, found \"t\""),
    ("-Infinit", "1:2: expected a value, found Infinit: a string needs quotes"),
  ])
  func refuses(text: String, expected: String) {
    #expect(complaint { try parse(text) } == "a.json5:" + expected)
  }

  @Test func knowsWhereEachValueIs() throws {
    let value = try parse("\u{FEFF}{\r\n  é: [1,\r 'x'],\n\tb: /* 𝄞 */ true }")
    func place(_ value: JSON5Value?) -> [Int]? {
      value.map { [$0.position.line, $0.position.column] }
    }
    #expect(place(value) == [1, 1])
    guard case .object(let members) = value.content,
      case .array(let elements)? = value["é"]?.content
    else {
      Issue.record("not an object with an array")
      return
    }
    #expect(members.map(\.position.line) == [2, 4])
    #expect(members.map(\.position.column) == [3, 2])
    #expect(elements.map { [$0.position.line, $0.position.column] } == [[2, 7], [3, 2]])
    #expect(place(value["b"]) == [4, 13])
    #expect(value.position.file == "a.json5")
  }

  @Test func namesTheLimitOnDepth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try json(parse(nested(100))) == nested(100))
    #expect(
      complaint { try parse(nested(101)) }
        == "a.json5:1:101: nested deeper than max_depth, 100 levels")
    #expect(complaint { try parse(String(repeating: "{a:", count: 500_000)) } != nil)
    #expect(complaint { try parse("[" + String(repeating: "[],", count: 200) + "]") } == nil)
  }

  @Test func limitsTheSize() {
    let bytes = [UInt8](repeating: 0x20, count: JSON5.maxBytes + 1)
    #expect(complaint { try parse(bytes) }?.contains("at most 16777216") == true)
  }

  @Test(arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]])
  func refusesWhatIsNoUTF8(bad: [UInt8]) {
    let bytes = Array("[\n '".utf8) + bad + Array("']".utf8)
    #expect(
      complaint { try parse(bytes) }
        == "a.json5:2:3: the text is not UTF-8 from here on: save the file as UTF-8")
  }

  @Test func survivesRandomDamage() throws {
    var generator = SeededGenerator(seed: 1)
    let original = Array(
      "{a: [1, .5, 0x1F, +Infinity], 'b\\u0041': \"c\\\n\", /* d */ e: {}, } // f".utf8)
    var accepted = 0
    for _ in 0..<20_000 {
      var bytes = original.prefix(Int.random(in: 0...original.count, using: &generator)) + []
      for _ in 0..<Int.random(in: 0...2, using: &generator) where !bytes.isEmpty {
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        let signs = Array("{}[]'\"\\/*,:+-.0xeIN \n\u{80}".utf8)
        bytes[at] = signs[Int.random(in: 0..<signs.count, using: &generator)]
      }
      if (try? parse(Array(bytes))) != nil { accepted += 1 }
    }
    #expect(accepted > 0)
  }
}

/// Documents of which it is known what they say, in all the ways in which JSON5 lets one say it.
private struct Writer {
  var generator: SeededGenerator

  mutating func pick(_ choices: [String]) -> String {
    choices[Int.random(in: 0..<choices.count, using: &generator)]
  }

  mutating func space() -> String {
    pick(["", "", " ", "\n", "\t", "/* , */", "// }\n", "\u{A0}"])
  }

  /// The same value in JSON5 and in JSON.
  mutating func value(depth: Int) -> (json5: String, json: String) {
    switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &generator) {
    case 0:
      let word = pick(["null", "true", "false"])
      return (word, word)
    case 1:
      let number = Int.random(in: -100_000...100_000, using: &generator)
      return (number < 0 ? "\(number)" : pick(["", "+"]) + "\(number)", "\(number)")
    case 2:
      let number = Int.random(in: 0...0xFFFF, using: &generator)
      return ("0x" + String(number, radix: 16), "\(number)")
    case 3:
      let digit = Int.random(in: 1...9, using: &generator)
      let (json5, json) = digit < 5 ? (".\(digit)", "0.\(digit)") : ("\(digit).", "\(digit)")
      return (json5, json)
    case 4: return text()
    case 5: return list(depth: depth, isObject: false)
    default: return list(depth: depth, isObject: true)
    }
  }

  mutating func text() -> (json5: String, json: String) {
    let quote = pick(["'", "\""])
    var (json5, json) = (quote, "\"")
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      switch Int.random(in: 0...5, using: &generator) {
      case 0: (json5, json) = (json5 + "\\n", json + "\\n")
      case 1: (json5, json) = (json5 + "\\x41", json + "A")
      case 2: (json5, json) = (json5 + "\\\n", json)
      case 3: (json5, json) = (json5 + "é𝄞", json + "é𝄞")
      case 4: (json5, json) = (json5 + "\\" + quote, json + (quote == "'" ? "'" : "\\\""))
      default: (json5, json) = (json5 + "b ", json + "b ")
      }
    }
    return (json5 + quote, json + "\"")
  }

  mutating func list(depth: Int, isObject: Bool) -> (json5: String, json: String) {
    var (json5, json): ([String], [String]) = ([], [])
    for index in 0..<Int.random(in: 0...4, using: &generator) {
      let item = value(depth: depth - 1)
      let key = isObject ? pick(["k\(index)", "'k\(index)'", "\"k\(index)\""]) + space() + ":" : ""
      json5.append(space() + key + space() + item.json5 + space())
      json.append((isObject ? "\"k\(index)\":" : "") + item.json)
    }
    let comma = json5.isEmpty ? "" : pick(["", ","])
    let inside = json5.joined(separator: ",") + comma + space()
    return isObject
      ? ("{\(inside)}", "{\(json.joined(separator: ","))}")
      : ("[\(inside)]", "[\(json.joined(separator: ","))]")
  }
}

/// What Foundation reads.
private enum Tree: Decodable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([Tree])
  case object([String: Tree])

  init(json5: String) throws {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    self = try decoder.decode(Tree.self, from: Data(json5.utf8))
  }

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let array = try? value.decode([Tree].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: Tree].self))
    }
  }
}

@Suite struct JSON5AgreementTests {
  @Test func readsWhatWasMeantAndAsFoundationDoes() throws {
    var writer = Writer(generator: SeededGenerator(seed: 2))
    var compared = 0
    for _ in 0..<3000 {
      let (json5, expected) = writer.value(depth: 4)
      let ours = try json(parse(json5))
      #expect(ours == expected, "\(json5)")
      // Foundation takes no white space beyond ASCII's, and keeps the line end of a continued line.
      guard !json5.unicodeScalars.contains("\u{A0}"), !json5.contains("\\\n") else { continue }
      compared += 1
      #expect(try Tree(json5: json5) == Tree(json5: ours), "\(json5)")
    }
    #expect(compared > 1000)
  }

  @Test(arguments: [
    "{", "}", "[1", "[1,,2]", "{a}", "{a:}", "{:1}", "'a", "\"a'", "/*", "[1]]", "0x", "{a:1 b:2}",
    "truE", "[1 2]", "--1", "1e", "'\\u12'",
  ])
  func refusesWhatFoundationRefuses(text: String) {
    #expect(throws: (any Error).self) {
      try Tree(json5: text)
    }
    #expect(throws: SettingsError.self) { try parse(text) }
  }
}
