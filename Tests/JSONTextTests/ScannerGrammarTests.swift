import JSONText
import Testing

/// What is JSON and what is not: the cases that matter, without the corpus.
@Suite struct ScannerGrammarTests {
  @Test(
    arguments: [
      ("{}", .object), ("[]", .array), ("{ }", .object), ("[ ]", .array), (#""""#, .string),
      ("0", .number), ("-0", .number), ("-1", .number), ("10", .number), ("1.0", .number),
      ("1e1", .number), ("1E+1", .number), ("1e-01", .number), ("0.0e0", .number),
      ("-123.456e+789", .number), ("123456789012345678901234567890", .number), ("1e400", .number),
      ("true", .true), ("false", .false), ("null", .null), (" \t\r\n1 \t\r\n", .number),
      (#"{"a":1,"a":2}"#, .object), (#"[1,2,[3,[]],{"a":[]}]"#, .array),
      (#"{"":{"":[]}}"#, .object),
      (#""\"\\\/\b\f\n\r\t\u0000\uD800\uaBcD""#, .string), ("\"\u{7F}\u{2028}é€😀\"", .string),
      ("[\n1\n,\n2\n]", .array), ("{\n\"a\"\n:\n1\n}", .object),
    ] as [(String, ValueKind)])
  func accepts(_ text: String, _ kind: ValueKind) {
    let result = scanWhole(text)
    #expect(result.fault == .none)
    #expect(result.scan.kind == kind)
  }

  @Test(
    arguments: [
      ("", .emptyText, 0), (" \n", .emptyText, 2),
      ("01", .badNumber, 1), ("-01", .badNumber, 2), ("+1", .unexpectedByte, 0),
      (".5", .unexpectedByte, 0), ("1.", .unexpectedEnd, 2), ("1.e1", .badNumber, 2),
      ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3), ("1ex", .badNumber, 2),
      ("-", .unexpectedEnd, 1), ("--1", .badNumber, 1), ("-a", .badNumber, 1),
      ("1.2.3", .badNumber, 3), ("1x", .badNumber, 1), ("0x1", .badNumber, 1),
      ("1e1.5", .badNumber, 3), ("1E5e5", .badNumber, 3), ("Infinity", .unexpectedByte, 0),
      ("-Infinity", .badNumber, 1), ("NaN", .unexpectedByte, 0),
      ("nul", .unexpectedEnd, 3), ("nulL", .badLiteral, 3), ("True", .unexpectedByte, 0),
      ("truex", .badLiteral, 4), ("true1", .badLiteral, 4), ("falsefalse", .badLiteral, 5),
      ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2), ("'a'", .unexpectedByte, 0),
      ("\"\n\"", .controlCharacter, 1), ("\"\0\"", .controlCharacter, 1),
      ("\"a\u{1F}\"", .controlCharacter, 2), (#""\x""#, .badEscape, 1),
      (#""\""#, .unexpectedEnd, 3),
      (#""\u12G4""#, .badEscape, 1), (#""\u123""#, .badEscape, 1), (#""\U0041""#, .badEscape, 1),
      ("\"\\", .unexpectedEnd, 1), ("\"\\u00", .unexpectedEnd, 1), ("\"\\\u{0}\"", .badEscape, 1),
      ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
      ("[,1]", .unexpectedByte, 1), ("[1,]", .unexpectedByte, 3), ("[1,,2]", .unexpectedByte, 3),
      ("[1 2]", .unexpectedByte, 3), ("[1}", .unexpectedByte, 2), ("]", .unexpectedByte, 0),
      ("{", .unexpectedEnd, 1), ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5),
      ("{\"a\":1", .unexpectedEnd, 6), ("{\"a\":1,", .unexpectedEnd, 7),
      ("{a:1}", .unexpectedByte, 1),
      ("{1:1}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5),
      ("{\"a\":}", .unexpectedByte, 5),
      ("{\"a\":1,}", .unexpectedByte, 7), ("{,}", .unexpectedByte, 1),
      ("{\"a\":1]", .unexpectedByte, 6),
      ("{\"a\",\"b\"}", .unexpectedByte, 4), ("{\"a\":1 \"b\":2}", .unexpectedByte, 7),
      ("{}{}", .trailingBytes, 2), ("1 2", .trailingBytes, 2), ("{} x", .trailingBytes, 3),
      ("[]]", .trailingBytes, 2), ("\u{FEFF}{}", .unexpectedByte, 0),
      ("[\u{A0}1]", .unexpectedByte, 1),
      ("[\u{B}1]", .unexpectedByte, 1), ("[\u{C}1]", .unexpectedByte, 1),
      ("/**/1", .unexpectedByte, 0),
      ("[1]#", .trailingBytes, 3), ("\0", .unexpectedByte, 0), ("1\0", .trailingBytes, 1),
    ] as [(String, ScanFault, Int)])
  func refuses(_ text: String, _ fault: ScanFault, at offset: Int) {
    let result = scanWhole(text)
    #expect(result.fault == fault)
    #expect(result.scan.end == offset)
  }

  @Test func everyFaultHasAReason() {
    #expect(Set(ScanFault.allCases.map(\.reason)).count == ScanFault.allCases.count)
    #expect(ScanFault.tooDeep.reason.contains("512"))
  }

  // MARK: Depth

  @Test(arguments: [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")])
  func nestsFiveHundredAndTwelveLevels(_ open: String, _ close: String) {
    let levels = open.filter { $0 == "[" || $0 == "{" }.count
    func nested(_ depth: Int) -> String {
      String(repeating: open, count: depth / levels) + "1"
        + String(repeating: close, count: depth / levels)
    }
    #expect(scanWhole(nested(512)).fault == .none)
    let deep = nested(512 + levels)
    let result = scanWhole(deep)
    #expect(result.fault == .tooDeep)
    #expect(result.scan.end == 512 / levels * open.utf8.count)
  }

  @Test func anEmptyContainerIsALevelToo() {
    for (open, close) in [("[", "]"), ("{", "}")] {
      let outer = String(repeating: "[", count: 511)
      let end = String(repeating: "]", count: 511)
      #expect(scanWhole(outer + open + close + end).fault == .none)
      #expect(scanWhole("[" + outer + open + close + end + "]").fault == .tooDeep)
    }
  }

  @Test func manyOpenBracketsAreRefusedAtOnce() {
    for open in ["[", "{\"a\":", "[{\"\":"] {
      let text = Array(String(repeating: open, count: 1 << 20).utf8)
      let clock = ContinuousClock()
      let time = clock.measure {
        for _ in 0..<1000 {
          let result = scan(text)
          if result.fault != .tooDeep { Issue.record("\(result.fault)") }
        }
      }
      // A thousand scans that read only what they must: one that read on would take minutes.
      #expect(time < .seconds(20))
      #expect(scan(text).scan.end < 4096)
    }
  }

  // MARK: Strings

  /// The string reads eight bytes at once: every special byte at every place of that loop.
  @Test(arguments: 0...40)
  func aSpecialByteAnywhereInAString(_ length: Int) {
    for position in 0..<length {
      for byte in UInt8.min...UInt8.max {
        var text = [UInt8](repeating: UInt8(ascii: "x"), count: length)
        text[position] = byte
        let fault = scanWhole([0x22] + text + [0x22]).fault
        let isLast = position == length - 1
        let expected: ScanFault =
          switch byte {
          case 0..<0x20: .controlCharacter
          case 0x22: .trailingBytes
          case 0x5C: isLast ? .unexpectedEnd : .badEscape
          case 0x80...: .badUTF8
          default: .none
          }
        guard fault == expected else {
          Issue.record("\(byte) at \(position) of \(length): \(fault), not \(expected)")
          return
        }
      }
    }
  }

  @Test(arguments: 0...40)
  func anEscapeOrCharacterAnywhereInAString(_ length: Int) throws {
    for position in 0...length {
      for piece in [#"\n"#, #"\""#, #"\\"#, #"\u0041"#, #"\uD83D\uDE00"#, "é", "€", "😀", "\u{7F}"] {
        let before = String(repeating: "x", count: position)
        let after = String(repeating: "y", count: length - position)
        let text = "\"" + before + piece + after + "\""
        let result = scanWhole("[\(text)]", try pointers(["/0"]))
        let field = try #require(result.fields.first)
        guard result.fault == .none, Int(field.count) == text.utf8.count, field.start == 1,
          field.isEscaped == piece.hasPrefix("\\")
        else {
          Issue.record("\(text): \(result)")
          return
        }
      }
    }
  }

  /// Both ends of every row of Unicode's table 3-7, and their neighbours just outside.
  static let sequences: [(bytes: [UInt8], isGood: Bool)] = [
    ([0x7F], true), ([0x80], false), ([0xBF], false), ([0xC0, 0x80], false), ([0xC1, 0xBF], false),
    ([0xC2, 0x7F], false), ([0xC2, 0x80], true), ([0xC2, 0xBF], true), ([0xC2, 0xC0], false),
    ([0xDF, 0xBF], true), ([0xDF, 0xC0], false),
    ([0xE0, 0x9F, 0xBF], false), ([0xE0, 0xA0, 0x80], true), ([0xE0, 0xBF, 0xBF], true),
    ([0xE0, 0xC0, 0x80], false), ([0xE1, 0x7F, 0x80], false), ([0xE1, 0x80, 0x80], true),
    ([0xE1, 0x80, 0x7F], false), ([0xE1, 0x80, 0xC0], false), ([0xEC, 0xBF, 0xBF], true),
    ([0xED, 0x80, 0x80], true), ([0xED, 0x9F, 0xBF], true), ([0xED, 0xA0, 0x80], false),
    ([0xED, 0xBF, 0xBF], false), ([0xEE, 0x80, 0x80], true), ([0xEF, 0xBF, 0xBF], true),
    ([0xF0, 0x8F, 0xBF, 0xBF], false), ([0xF0, 0x90, 0x80, 0x80], true),
    ([0xF0, 0xBF, 0xBF, 0xBF], true), ([0xF1, 0x80, 0x80, 0x80], true),
    ([0xF3, 0xBF, 0xBF, 0xBF], true), ([0xF3, 0xBF, 0x7F, 0xBF], false),
    ([0xF3, 0xBF, 0xBF, 0x7F], false), ([0xF4, 0x80, 0x80, 0x80], true),
    ([0xF4, 0x8F, 0xBF, 0xBF], true), ([0xF4, 0x90, 0x80, 0x80], false),
    ([0xF5, 0x80, 0x80, 0x80], false), ([0xF8, 0x88, 0x80, 0x80, 0x80], false), ([0xFE], false),
    ([0xFF], false),
  ]

  @Test func everyUTF8BoundaryAtEveryPlaceOfTheWord() {
    for (bytes, isGood) in ScannerGrammarTests.sequences {
      for before in 0...17 {
        for after in [0, 1, 7, 8, 9] {
          let text =
            [0x22] + [UInt8](repeating: 0x78, count: before) + bytes
            + [UInt8](repeating: 0x79, count: after) + [0x22]
          let result = scanWhole(text)
          guard result.fault == (isGood ? .none : .badUTF8),
            isGood || result.scan.end == 1 + before
          else {
            Issue.record("\(bytes) behind \(before) bytes: \(result)")
            return
          }
        }
      }
    }
  }

  /// A character that the end of the text cuts may still become one.
  @Test func aCutCharacterIsAnUnexpectedEnd() {
    for (bytes, isGood) in ScannerGrammarTests.sequences where isGood && bytes.count > 1 {
      for count in 1..<bytes.count {
        #expect(scanWhole([0x22] + bytes.prefix(count)).fault == .unexpectedEnd, "\(bytes)")
      }
    }
  }
}
