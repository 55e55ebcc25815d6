import Intake
import JSONText
import TestSupport
import Testing

/// Damage costs the records that it touches, and no byte.
@Suite struct CorruptionTests {
  static func settings(_ form: String) throws -> InputSettings {
    try IntakeTests.settings {
      $0.format = InputFormat(rawValue: form) ?? (form == "concatenated" ? .concatenated : .auto)
      if form == "records" || form == "documents" { $0.records = try JSONPointer("/r/*") }
    }
  }

  @Test(arguments: DamagedDocument.forms) func damageCostsWhatItTouches(_ form: String) throws {
    var random = SeededGenerator(seed: 7)
    let scratch = try TemporaryFolder()
    var lost = 0
    for round in 0..<(Effort.isExhaustive ? 20_000 : 400) {
      let document = DamagedDocument(form, &random)
      let (bytes, touched) = document.damaged(&random)
      let path = try scratch.write("in", bytes)
      let outcome = try read([path], Self.settings(form))
      #expect(outcome.isBalanced, "round \(round)")
      let records = outcome.items.filter { $0.reason.isEmpty }
      let kept = Set(records.map(\.raw))
      for record in records {
        let place = record.offset..<record.offset + record.length
        #expect(!document.isForged(place, by: touched, in: bytes), "round \(round): \(record)")
      }
      for index in document.untouched(by: touched, in: bytes) {
        let text = document.text(index)
        // What is no damage to the grammar makes one record of several.
        guard !kept.contains(text), !kept.contains(where: { $0.contains(text) }) else { continue }
        lost += 1
        if lost < 4 {
          let input = String(decoding: bytes, as: UTF8.self)
          Issue.record("round \(round): \(text) is lost, damage at \(touched): \(input)")
        }
      }
    }
    #expect(lost == 0)
  }

  /// What one event says, in strings and in values of any kind, adds no record, and takes none away.
  @Test(arguments: DamagedDocument.forms) func attackerWhoWritesOneEvent(_ form: String) throws {
    var random = SeededGenerator(seed: 5)
    let scratch = try TemporaryFolder()
    let deep = String(repeating: "[", count: 700) + String(repeating: "]", count: 700)
    let list = (0..<60).map { "{\"n\":\($0),\"s\":\"\",\"v\":1}" }.joined(separator: ",")
    let attacks = [
      deep, "\"\u{1}\"", "\"\\x\"", "01", "NaN", "[\(list)]", "[\(list),01]",
      "{\"n\":[\(list)],\"m\":+1}",
      "\"" + list.replacing("\"", with: "\\\"") + "\\q\"", "\"}\\n{\\\"n\\\":1}\\n\u{2}\"",
      "[" + String(repeating: "{\"n\":1},", count: 50) + "]", "{\"n\":1,}",
    ]
    for attack in attacks {
      let document = DamagedDocument(form, &random)
      let victim = Int.random(in: 2..<document.records.count - 2, using: &random)
      let evil = "{\"n\":-7,\"evil\":\(attack)}"
      let others = document.records.indices.filter { $0 != victim }.map { document.text($0) }
      let path = try scratch.write("in", document.replacing(victim, with: evil))
      let outcome = try read([path], Self.settings(form))
      #expect(outcome.isBalanced)
      let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
      #expect(kept.filter { $0 != evil } == others, "\(attack.prefix(60))")
    }
  }
}
