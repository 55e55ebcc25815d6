import Definition
import Disk
import Engine
import Foundation
import History
import Pipeline
import TestSupport
import Testing
import Trail

/// A delivery that comes again is dropped, however its time is read and in whatever it comes.
@Suite struct DaysOfDeliveriesTests {
  private static let whole = "{ stage: \"deduplicate\" }"
  /// Times at both edges of a day, in other zones, in none, in seconds, twice in one event, and none at all.
  private static let events = [
    #"{"n":1,"timestamp":"2026-03-02T23:59:59.999999Z"}"#,
    #"{"n":2,"timestamp":"2026-03-03T00:00:00Z"}"#,
    #"{"n":3,"timestamp":"2026-03-03T01:00:00+02:00"}"#,
    #"{"n":4,"timestamp":"2026-03-03T01:00:00"}"#, #"{"n":5,"timestamp":1772496000}"#,
    #"{"n":6,"timestamp":"none"}"#, #"{"n":7}"#,
    #"{"n":8,"timestamp":"2026-03-02T10:00:00Z","timestamp":"2026-03-05T10:00:00Z"}"#,
    #"{"n":9,"at":{"t":"2026-03-09T10:00:00Z"},"timestamp":"2026-03-02T00:00:00Z"}"#,
  ]

  private func archived(_ mill: Mill) throws -> [String] {
    try mill.archivedLines().map(String.init).sorted()
  }

  private func rows(_ mill: Mill) throws -> [ManifestRow] {
    try LiveFiles(ArchiveHistory(disk: Disk(), path: mill.archive)).all(.digests).map(\.row)
  }

  private func read(
    _ mill: Mill, _ name: String, input: String = "", stages: String = whole, _ lines: [String]
  ) throws -> RunOutcome {
    try mill.folder.write(name, lines.map { $0 + "\n" }.joined())
    let settings = "duplicate_members: \"keep\"\(input.isEmpty ? "" : ", " + input)"
    return try mill.run(
      try mill.definition(stages: stages, rest: "input: { \(settings) }"), [name])
  }

  private static let inputs = [
    "", "time_zone: \"+03:00\"", "time_zone: \"-11:00\"",
    "dialect: { extends: \"spacelift\", time: [\"/at/t\", \"/timestamp\"] }",
    "dialect: { extends: \"spacelift\", time: [\"/at/t\"] }",
    "dialect: { extends: \"spacelift\", time: [] }", "own: true",
    "own: true, dialect: { extends: \"spacelift\", time: [\"/delivery/received_at\"] }",
    "envelope: \"never\"",
  ]

  /// Runs by any two rules, one after the other.
  @Test(arguments: inputs) func whatIsArchivedIsKnownByEveryRule(_ first: String) throws {
    let mill = try Mill()
    _ = try read(mill, "a", input: first, DaysOfDeliveriesTests.events)
    let before = try archived(mill)
    #expect(before.count == DaysOfDeliveriesTests.events.count)
    for (number, second) in DaysOfDeliveriesTests.inputs.enumerated() {
      let more = #"{"n":\#(100 + number),"timestamp":"2026-03-02T10:00:00Z"}"#
      let outcome = try read(
        mill, "b\(number)", input: second, DaysOfDeliveriesTests.events + [more])
      #expect(outcome.summary.tally.written == 1, "\(second)")
    }
    #expect(try archived(mill).count == before.count + DaysOfDeliveriesTests.inputs.count)
  }

  /// The same event comes as it is, in an envelope with and without line breaks, inside of a log's record.
  @Test func whateverAnEventComesIn() throws {
    let event = #"{"n":1,"timestamp":"2026-03-02T10:00:00Z"}"#
    let broken = #"{\n\"n\":1,\"timestamp\":\"2026-03-02T10:00:00Z\"}"#
    let body = event.replacingOccurrences(of: "\"", with: "\\\"")
    let late = "\"received_at\":\"2026-07-01T00:00:00Z\""
    func envelope(_ body: String) -> String {
      "{\"headers\":{\"X-Signature-256\":\"sha256=00\"},\(late),\"body\":\"\(body)\"}"
    }
    let ways: [(input: String, line: String)] = [
      ("", event), ("", envelope(body)), ("", envelope(broken)),
      ("wrapper: \"/message\"", "{\"timestamp\":\"2027-01-01T00:00:00Z\",\"message\":\(event)}"),
      ("wrapper: \"/message\"", "{\"timestamp\":\"2027-01-01T00:00:00Z\",\"message\":\"\(body)\"}"),
    ]
    for (number, first) in ways.enumerated() {
      let mill = try Mill()
      #expect(try read(mill, "a", input: first.input, [first.line]).summary.tally.written == 1)
      #expect(try rows(mill).map { $0.days?.days.map(\.date) } == [["2026-03-02"]])
      for (other, second) in ways.enumerated() where other != number {
        let outcome = try read(mill, "b\(other)", input: second.input, [second.line])
        #expect(outcome.summary.tally.duplicates == 1, "\(first.line) \(second.line)")
      }
    }
  }

  /// What a stage takes out of an event does not make it one of another day.
  @Test func stagesThatAlterEventsChangeNoDay() throws {
    let redact = "{ stage: \"redact\", remove: [\"/timestamp\"] }"
    for stages in ["\(redact), \(Self.whole)", Self.whole] {
      let mill = try Mill()
      _ = try read(mill, "a", stages: stages, DaysOfDeliveriesTests.events)
      for other in ["\(redact), \(Self.whole)", Self.whole] {
        let outcome = try read(mill, "b", stages: other, DaysOfDeliveriesTests.events + [" "])
        #expect(outcome.summary.tally.written == 0)
      }
    }
  }

  /// What is taken off an event is not what identifies it: its time can be any.
  @Test func aTimeInWhatIsTakenOffIsOfNoDay() throws {
    let mill = try Mill()
    let input =
      "own: true, dialect: { extends: \"spacelift\", time: [\"/delivery/received_at\"] }"
    for (number, date) in ["2026-03-02", "2026-03-05", "2026-03-02"].enumerated() {
      let member = #""delivery":{"body_sha256":"00","received_at":"\#(date)T10:00:00Z"}"#
      let outcome = try read(mill, "a\(number)", input: input, ["{\"n\":1,\(member)}"])
      #expect(outcome.summary.tally.written == (number == 0 ? 1 : 0))
    }
    #expect(try rows(mill).map { $0.days == nil } == [true])
  }

  /// By values at pointers one event stands for all of any time.
  @Test func valuesAtPointersAreLookedForOnAllDays() throws {
    let by = "{ stage: \"deduplicate\", by: [\"/n\"] }"
    let mill = try Mill()
    _ = try read(mill, "a", stages: by, DaysOfDeliveriesTests.events)
    #expect(try rows(mill).allSatisfy { $0.days == nil })
    let others = (1...9).map { #"{"n":\#($0),"timestamp":"2029-01-0\#($0)T00:00:00Z"}"# }
    #expect(try read(mill, "b", stages: by, others).summary.tally.duplicates == 9)
  }
}
