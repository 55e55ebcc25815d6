import Intake
import JSONText
import TestSupport
import Testing

/// A file that ends anywhere, as one does that somebody still writes, or that was copied while it grew: what
/// an event's own lists and members hold is never taken for records, however much it looks like some.
@Suite struct CutFileTests {
  /// Records that hold what would be records.
  private func records(_ inner: Int) -> [String] {
    let objects = (0..<inner).map { "{\"id\":\"inner\($0)\",\"a\":\"x\"}" }
    let list = objects.joined(separator: ",")
    return [
      "{\"id\":1}", "{\"id\":2,\"args\":[\(list)],\"x\":{\"id\":\"inner\"}}",
      "{\"id\":3,\"y\":[[\(list)]]}", "{\"id\":4,\"z\":{\"id\":\"inner\",\"l\":[\(list)]}}",
      "{\"id\":5}",
    ]
  }

  private func settings(_ format: String) throws -> InputSettings {
    try IntakeTests.settings {
      if format == "records" { $0.records = try JSONPointer("/r/*") }
      $0.format = InputFormat(rawValue: format) ?? .auto
    }
  }

  private func text(_ format: String, _ records: [String]) -> String {
    switch format {
    case "array", "auto": "[" + records.joined(separator: ",") + "]"
    case "records": "{\"r\":[" + records.joined(separator: ",") + "]}"
    case "pretty": "[\n  " + records.joined(separator: ",\n  ") + "\n]"
    case "concatenated": records.joined()
    default: records.joined(separator: "\n")
    }
  }

  @Test(
    arguments: ["array", "auto", "records", "pretty", "concatenated", "ndjson", "lines"],
    [1, 3, 17])
  func nothingInsideOfAnEventBecomesARecord(_ format: String, _ inner: Int) throws {
    let records = self.records(inner)
    let whole = Array(text(format, records).utf8)
    let scratch = try TemporaryFolder()
    for cut in stride(from: 1, through: whole.count, by: inner > 3 ? 3 : 1) {
      for tail in ["", "\n", "\r\n"] {
        let outcome = try read(
          [try scratch.write("in", Array(whole[..<cut]) + Array(tail.utf8))], settings(format))
        let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
        #expect(
          kept == Array(records.prefix(kept.count)), "\(format), cut at \(cut), \(tail.count)")
        #expect(outcome.isBalanced)
      }
    }
  }

  /// The same however the bytes come.
  @Test(arguments: ["array", "auto", "pretty", "concatenated"])
  func whereverThePiecesEnd(_ format: String) throws {
    let records = self.records(17)
    let whole = text(format, records)
    for mark in ["\"inner16\"", "},{\"id\":\"inner9\"", "\"x\"}]", ",\"x\":{", "\"a\":\"x\"}]]"] {
      guard let range = whole.firstRange(of: mark) else { continue }
      for cut in [whole[..<range.upperBound], whole[..<range.lowerBound].dropLast(2)] {
        for tail in ["", "\n", " \r\n"] {
          let outcome = try readEveryWay(String(cut) + tail, settings(format))
          let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
          #expect(kept == Array(records.prefix(kept.count)), "\(format), \(mark)")
        }
      }
    }
  }
}
