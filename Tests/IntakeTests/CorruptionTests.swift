import Intake
import JSONText
import TestSupport
import Testing

/// Damage costs the records that it touches, and no byte.
@Suite struct CorruptionTests {
  /// A document, and where its records lie.
  struct Document {
    var bytes: [UInt8] = []
    var records: [Range<Int>] = []

    mutating func append(_ text: String) { bytes += Array(text.utf8) }

    mutating func append(record text: String) {
      let start = bytes.count
      append(text)
      records.append(start..<bytes.count)
    }
  }

  static let forms = ["ndjson", "concatenated", "array", "auto lines", "auto array", "records"]

  /// Strings that would make records of themselves, were they looked into.
  private static let words = [
    "", "plain", "},{\\\"n\\\":1},{\\\"n\\\":2}", "\\\\", "\\\"", "][", "{", "}{", "é", "\\u00e9",
    "},\\n{\\\"n\\\":3}\\n",
  ]

  static func document(_ form: String, _ random: inout SeededGenerator) -> Document {
    var document = Document()
    let count = Int.random(in: 18...60, using: &random)
    switch form {
    case "array", "auto array": document.append("[")
    case "records": document.append("{\"meta\":{\"n\":[1,{}]},\"r\":[")
    default: break
    }
    for number in 0..<count {
      if number > 0, form.contains("array") || form == "records" { document.append(",") }
      document.append(record: record(number, &random))
      if form == "ndjson" || form == "auto lines" { document.append("\n") }
    }
    switch form {
    case "array", "auto array": document.append("]\n")
    case "records": document.append("],\"next\":null}")
    default: break
    }
    return document
  }

  private static func record(_ number: Int, _ random: inout SeededGenerator) -> String {
    let word = words.randomElement(using: &random) ?? ""
    let list = (0..<Int.random(in: 0...30, using: &random)).map { "{\"n\":\($0)}" }
    let nested = ["{\"\(word)\":1}", "[\(list.joined(separator: ","))]", "-1.5e3", "null"]
    return "{\"n\":\(number),\"s\":\"\(word)\",\"v\":\(nested.randomElement(using: &random) ?? "1")}"
  }

  static func settings(_ form: String) throws -> InputSettings {
    try IntakeTests.settings {
      $0.format = InputFormat(rawValue: form) ?? (form == "concatenated" ? .concatenated : .auto)
      if form == "records" { $0.records = try JSONPointer("/r/*") }
    }
  }

  /// Bytes before the first record tell what an array is; damage there is another matter.
  private static func damaged(
    _ document: Document, _ random: inout SeededGenerator
  ) -> (bytes: [UInt8], touched: Range<Int>) {
    var bytes = document.bytes
    let first = document.records[0].lowerBound + 2
    let at = Int.random(in: first..<bytes.count - 4, using: &random)
    let noise: [UInt8] = [0x00, 0x0A, 0x22, 0x2C, 0x5B, 0x5C, 0x5D, 0x7B, 0x7D, 0x80, 0xFF, 0x31, 0x61]
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      bytes[at] ^= UInt8.random(in: 1...255, using: &random)
      return (bytes, at..<at + 1)
    case 1:
      let end = min(at + Int.random(in: 1...300, using: &random), bytes.count - 2)
      bytes.removeSubrange(at..<end)
      return (bytes, at..<end)
    case 2:
      let inserted = (0..<Int.random(in: 1...8, using: &random)).map { _ in noise.randomElement(using: &random) ?? 0 }
      bytes.insert(contentsOf: inserted, at: at)
      return (bytes, at..<at)
    default:
      bytes.replaceSubrange(at..<at + 2, with: [noise.randomElement(using: &random) ?? 0, 0xC3])
      return (bytes, at..<at + 2)
    }
  }

  /// The records that damage to `touched` leaves as they were, with their number. A line is touched as a whole, and
  /// one more record on each side where what separates them is gone.
  private static func untouched(_ document: Document, _ touched: Range<Int>, _ form: String) -> [Int] {
    let isInLines = form == "ndjson" || form == "auto lines"
    return document.records.indices.filter { index in
      var record = document.records[index]
      if isInLines { record = max(record.lowerBound - 1, 0)..<record.upperBound + 1 }
      return touched.upperBound < record.lowerBound || touched.lowerBound > record.upperBound
        || touched.lowerBound == record.upperBound && !isInLines && !touched.isEmpty
    }
  }

  @Test(arguments: forms) func damageCostsWhatItTouches(_ form: String) throws {
    var random = SeededGenerator(seed: 7)
    let scratch = try TemporaryFolder()
    var lost = 0
    for round in 0..<(Effort.isExhaustive ? 20_000 : 400) {
      let document = Self.document(form, &random)
      let (bytes, touched) = Self.damaged(document, &random)
      let path = try scratch.write("in", bytes)
      let outcome = try read([path], Self.settings(form))
      #expect(outcome.isBalanced, "round \(round)")
      let kept = Set(outcome.items.filter { $0.reason.isEmpty }.map(\.raw))
      for index in Self.untouched(document, touched, form) {
        let text = String(decoding: document.bytes[document.records[index]], as: UTF8.self)
        // What is no damage to the grammar makes one record of several.
        if !kept.contains(text), !kept.contains(where: { $0.contains(text) }) {
          lost += 1
          if lost < 4 {
            Issue.record(
              "round \(round): \(text) is lost, damage at \(touched): \(String(decoding: bytes, as: UTF8.self))")
          }
        }
      }
    }
    #expect(lost == 0)
  }

  /// What one event says, in strings and in values of any kind, adds no record, and takes none away.
  @Test(arguments: forms) func attackerWhoWritesOneEvent(_ form: String) throws {
    var random = SeededGenerator(seed: 5)
    let scratch = try TemporaryFolder()
    let deep = String(repeating: "[", count: 700) + String(repeating: "]", count: 700)
    let list = (0..<60).map { "{\"n\":\($0),\"s\":\"\",\"v\":1}" }.joined(separator: ",")
    let attacks = [
      deep, "\"\u{1}\"", "\"\\x\"", "01", "NaN", "[\(list)]", "[\(list),01]", "{\"n\":[\(list)],\"m\":+1}",
      "\"" + list.replacing("\"", with: "\\\"") + "\\q\"", "\"}\\n{\\\"n\\\":1}\\n\u{2}\"",
      "[" + String(repeating: "{\"n\":1},", count: 50) + "]", "{\"n\":1,}",
    ]
    for attack in attacks {
      var document = Self.document(form, &random)
      let victim = document.records[Int.random(in: 2..<document.records.count - 2, using: &random)]
      let evil = "{\"n\":-7,\"evil\":\(attack)}"
      let others = document.records.filter { $0 != victim }
        .map { String(decoding: document.bytes[$0], as: UTF8.self) }
      document.bytes.replaceSubrange(victim, with: Array(evil.utf8))
      let path = try scratch.write("in", document.bytes)
      let outcome = try read([path], Self.settings(form))
      #expect(outcome.isBalanced)
      let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
      #expect(kept.filter { $0 != evil } == others, "\(attack.prefix(60))")
    }
  }
}
