import Engine
import Bytes
import Foundation
import Pipeline
import TestSupport
import Testing

/// What was read is not read again, whatever it is called; what has grown is continued.
@Suite struct InputRecognitionTests {
  private let deduplicate = "{ stage: \"deduplicate\" }"

  @Test func anInputIsKnownByItsContent() throws {
    let mill = try Mill()
    let definition = try mill.definition()
    try mill.input("a", [1, 2])
    try mill.input("b", [1, 2])
    #expect(try mill.run(definition, ["a"]).summary.tally.written == 2)
    let again = try mill.run(definition, ["b"]).summary
    #expect(again.ending == .nothingNew)
    #expect(again.known == 1 && again.tally.read == 0)
  }

  @Test func aCopyBesideItIsReadOnce() throws {
    let mill = try Mill()
    try mill.input("a", [1, 2])
    try mill.input("b", [1, 2])
    let summary = try mill.run(try mill.definition(), ["a", "b"]).summary
    #expect(summary.tally.written == 2 && summary.known == 1)
  }

  @Test func whatHasGrownIsContinued() throws {
    let mill = try Mill()
    let definition = try mill.definition()
    try mill.input("a", [1, 2])
    _ = try mill.run(definition, ["a"])
    try mill.input("a", [1, 2, 3])
    let summary = try mill.run(definition, ["a"]).summary
    #expect(summary.continued == 1 && summary.tally.written == 1)
  }

  @Test func anArrayThatGrewIsNotGuessedAt() throws {
    let mill = try Mill()
    let definition = try mill.definition()
    _ = try mill.folder.write("a", "[\(Mill.event(minute: 1))]")
    _ = try mill.run(definition, ["a"])
    _ = try mill.folder.write("a", "[\(Mill.event(minute: 1)),\(Mill.event(minute: 2))]")
    let failure = mill.failure { try mill.run(definition, ["a"]) }
    #expect(failure?.contains("add the stage deduplicate, or pass --again") == true)
    let again = try mill.run(definition, ["a"]) { $0.mode = .again }
    #expect(again.summary.tally.written == 2)
  }

  @Test func anotherPlanNeedsDeduplicate() throws {
    let mill = try Mill()
    try mill.input("a", [1, 2])
    _ = try mill.run(try mill.definition(), ["a"])
    let other = "{ stage: \"redact\", remove: [\"/n\"] }"
    let failure = mill.failure { try mill.run(try mill.definition(stages: other), ["a"]) }
    #expect(failure?.contains("under another plan") == true)
    // The first run did not note what it wrote.
    let blind = mill.failure {
      try mill.run(try mill.definition(stages: other + ", " + deduplicate), ["a"])
    }
    #expect(blind?.contains("run 1 did not deduplicate") == true)
  }

  @Test func anotherWindowOverTheSameInputAddsOnlyWhatIsNew() throws {
    let mill = try Mill()
    let definition = try mill.definition(stages: deduplicate)
    try mill.input("a", [1, 2, 3])
    let first = try mill.run(definition, ["a"]) {
      $0.window = TimeWindow(until: time("2026-11-20T13:02:00Z"))
    }
    #expect(first.summary.tally.written == 1 && first.summary.tally.filtered == 2)
    let rest = try mill.run(definition, ["a"]) {
      $0.window = TimeWindow(since: time("2026-11-20T13:01:00Z"))
    }
    #expect(rest.summary.tally.written == 2 && rest.summary.tally.duplicates == 1)
  }

  @Test func aFailureLeavesNoArchiveThatWasNotThere() throws {
    let mill = try Mill()
    try mill.input("a", [1])
    let missing = "{ stage: \"resolve_keys\", directory: \"\(mill.folder("none.json"))\" }"
    #expect(mill.failure { try mill.run(try mill.definition(stages: missing), ["a"]) } != nil)
    #expect(!mill.folder.exists("archive"))
    #expect(mill.failure { try mill.run(try mill.definition(), ["none"]) } != nil)
    #expect(!mill.folder.exists("archive"))
  }

  @Test func aFailureLeavesAnArchiveAsItWas() throws {
    let mill = try Mill()
    try mill.input("a", [1])
    _ = try mill.run(try mill.definition(), ["a"])
    let before = mill.folder.files(below: "archive")
    let missing = "{ stage: \"resolve_keys\", directory: \"\(mill.folder("none.json"))\" }"
    #expect(mill.failure { try mill.run(try mill.definition(stages: missing), ["a"]) } != nil)
    #expect(mill.folder.files(below: "archive") == before)
    // The lock was given back.
    try mill.input("b", [2])
    #expect(try mill.run(try mill.definition(), ["b"]).summary.tally.written == 1)
  }
}
