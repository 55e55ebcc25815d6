import Engine
import Bytes
import Foundation
import Pipeline
import TestSupport
import Testing

/// A window is read again: what lies outside of it stays, what lies inside must be there again.
@Suite struct WindowReplacementTests {
  private let deduplicate = "{ stage: \"deduplicate\" }"

  /// An archive with events of the minutes 1, 2 and 3, each run once.
  private func mill() throws -> Mill {
    let mill = try Mill()
    try mill.input("a", [1, 2, 3])
    _ = try mill.run(try mill.definition(stages: deduplicate), ["a"])
    return mill
  }

  private func replace(
    _ mill: Mill, _ input: String, since: String?, until: String?
  ) throws -> RunOutcome {
    try mill.run(try mill.definition(stages: deduplicate), [input]) {
      $0.mode = .replace
      $0.window = TimeWindow(
        since: since.flatMap { time("2026-11-20T13:\($0):00Z") },
        until: until.flatMap { time("2026-11-20T13:\($0):00Z") })
    }
  }

  @Test func whatLiesOutsideMovesByteForByte() throws {
    let mill = try mill()
    try mill.input("b", [2])
    let summary = try replace(mill, "b", since: "02", until: "03").summary
    #expect(summary.ending == .published)
    #expect(summary.findings.contains { $0.key == "parts retired" && $0.value == "1" })
    #expect(summary.parts > 0)
  }

  /// A window begins with its first moment and ends before its last: the events at 2 and 3 are the edges.
  @Test(
    arguments: [
      ("02", "03", [2], nil), ("02", "03", [3], "1 archived delivery"),
      ("03", nil, [3], nil), ("03", nil, [1], "1 archived delivery"),
      (nil, "02", [1], nil), (nil, "02", [2], "1 archived delivery"),
    ] as [(String?, String?, [Int], String?)])
  func theWindowIsHalfOpen(
    _ since: String?, _ until: String?, _ minutes: [Int], _ refusal: String?
  ) throws {
    let mill = try mill()
    try mill.input("b", minutes)
    let before = mill.folder.files(below: "archive")
    let failure = mill.failure { try replace(mill, "b", since: since, until: until) }
    if let refusal {
      #expect(failure?.hasPrefix(refusal) == true, "\(failure ?? "no failure")")
      #expect(mill.folder.files(below: "archive") == before)
    } else {
      #expect(failure == nil)
    }
  }

  /// A part whose last event is at the beginning of the window reaches into it; one whose first is at its
  /// end does not.
  @Test func partsAtTheEdges() throws {
    let mill = try mill()
    try mill.input("b", [3])
    let last = try replace(mill, "b", since: "03", until: "04").summary
    #expect(last.findings.contains { $0.key == "parts retired" && $0.value == "1" })
    let other = try self.mill()
    _ = try other.folder.write("none", "")
    let first = try replace(other, "none", since: nil, until: "01").summary
    #expect(first.ending == .nothingNew)
  }

  @Test func aReplacementNeedsAWindowAnArchiveAndDeduplicate() throws {
    let mill = try mill()
    #expect(
      mill.failure { try replace(mill, "a", since: nil, until: nil) }?
        .contains("needs a window") == true)
    let plain = mill.failure {
      try mill.run(try mill.definition(), ["a"]) {
        $0.mode = .replace
        $0.window = TimeWindow(since: time("2026-11-20T13:01:00Z"))
      }
    }
    #expect(plain?.contains("needs the stage deduplicate") == true)
    let stream = mill.failure {
      try mill.run(try mill.definition(stages: deduplicate), ["a"]) {
        $0.mode = .replace
        $0.output = "-"
      }
    }
    #expect(stream?.contains("is about an archive") == true)
  }
}
