import Engine
import Intake
import TestSupport
import Testing

@Suite struct DenseLineTests {
  private let ndjson = settings { $0.format = .ndjson }
  private let many = Batch.mostRecords * 2 + 3

  private func read(_ text: String, _ settings: InputSettings, size: Int = 1 << 20) throws
    -> Outcome
  {
    let scratch = try TemporaryFolder()
    return try IntakeTests.read(
      [try scratch.write("in", text)], settings, disk: shortReads(size), tailWaits: true)
  }

  @Test(arguments: ["\n", "\r\n", ""])
  func recordsOfOneLineLeaveInSeveralBatches(_ lineEnd: String) throws {
    let records = (0..<many).map { "{\"n\":\($0)}" }
    let text = "{\"a\":1}\n \(records.joined(separator: " "))" + lineEnd
    for size in [4_099, 1 << 20] {
      let outcome = try read(text, ndjson, size: size)
      #expect(outcome.events == ["{\"a\":1}"] + records)
      #expect(
        outcome.items.last?.offset == text.utf8.count - records[many - 1].utf8.count
          - lineEnd.utf8.count)
      #expect(outcome.mostRecords <= Batch.mostRecords)
      #expect(outcome.facts.map(\.pendingBytes) == [0])
    }
  }

  @Test func lineBehindItIsRead() throws {
    let outcome = try read(String(repeating: "{}", count: many) + "\n{\"b\":1}\n{\"c\":", ndjson)
    #expect(outcome.events == Array(repeating: "{}", count: many) + ["{\"b\":1}"])
    #expect(outcome.facts.map(\.pendingBytes) == [5])
  }

  @Test func lineWithSomethingElseOnItIsTurnedAwayWhole() throws {
    let bad = String(repeating: "{}", count: many) + " 7"
    let outcome = try read("{\"a\":1}\n  \(bad) \r\n{\"b\":1}\n", ndjson)
    #expect(
      outcome.events == [
        "{\"a\":1}", "!a record must be a JSON object, found a number at byte \(many * 2 + 1)",
        "{\"b\":1}",
      ])
    #expect(outcome.items[1].raw == bad)
    #expect(outcome.items[1].offset == 10)
  }

  @Test func recordOfManyObjectsIsOne() throws {
    let record = "{\"a\":[" + Array(repeating: "{}", count: many).joined(separator: ",") + "]}"
    let outcome = try read("\(record)\n\(record)\n", ndjson)
    #expect(outcome.events == [record, record])
  }

  @Test func lineThatIsTooLongIsNotTakenApart() throws {
    let limited = settings {
      $0.format = .ndjson
      $0.maxRecord = 5_000
    }
    let outcome = try read(String(repeating: "{}", count: many) + "\n{\"b\":1}\n", limited)
    #expect(outcome.events.count == 2)
    #expect(outcome.events[0].hasPrefix("!longer than max_record (5000 bytes)"))
    #expect(outcome.items[0].length == many * 2)
  }

  @Test(arguments: ["{}", "x", ""])
  func manyLinesLeaveInSeveralBatches(_ line: String) throws {
    let outcome = try read(String(repeating: line + "\n", count: many), ndjson)
    #expect(outcome.items.count == (line.isEmpty ? 0 : many))
    #expect(outcome.mostRecords <= Batch.mostRecords)
  }

  @Test(arguments: ["concatenated", "array", "ndjson"])
  func otherFormatsToo(_ name: String) throws {
    let format = try #require(InputFormat(rawValue: name))
    let values = Array(repeating: "{}", count: many)
    let text =
      format == .array
      ? "[" + values.joined(separator: ",") + "]"
      : values.joined(separator: format == .ndjson ? "\n" : "")
    let outcome = try read(text, settings { $0.format = format })
    #expect(outcome.events == values)
    #expect(outcome.mostRecords <= Batch.mostRecords)
    #expect(outcome.mostRecords > 0)
  }
}
