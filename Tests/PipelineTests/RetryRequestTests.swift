import Engine
import Foundation
import Pipeline
import TestSupport
import Testing

/// The quarantine goes through a definition that may be better by now.
@Suite struct RetryRequestTests {
  private func retry(
    _ mill: Mill, _ rest: String = "limits: { unreadable: null }", isDryRun: Bool = false
  ) throws -> RunSummary {
    var request = try RetryRequest(
      try mill.definition(rest: rest), archive: mill.archive, threads: 1)
    request.isDryRun = isDryRun
    return try request.run(mill.environment).summary
  }

  private func mill() throws -> Mill {
    let mill = try Mill()
    try mill.input(
      "a", [1], text: Mill.event(minute: 2) + String(repeating: " ", count: 2000) + "\n")
    let outcome = try mill.run(
      try mill.definition(
        rest: "input: { format: \"ndjson\", max_record: \"1KiB\" }, limits: { unreadable: null }"),
      ["a"])
    #expect(outcome.summary.tally.unreadable == 1)
    return mill
  }

  @Test func whereNothingPassesNothingChanges() throws {
    let mill = try Mill()
    try mill.input("a", [1], text: "{\"no event\n")
    _ = try mill.run(
      try mill.definition(rest: "limits: { unreadable: null }"), ["a"])
    let before = mill.folder.files(below: "archive")
    let summary = try retry(mill)
    #expect(summary.ending == .nothingNew && summary.head != nil)
    #expect(mill.folder.files(below: "archive") == before)
  }

  @Test func aRehearsalChangesNothing() throws {
    let mill = try mill()
    let before = mill.folder.files(below: "archive")
    #expect(try retry(mill, isDryRun: true).ending == .dryRun)
    #expect(mill.folder.files(below: "archive") == before)
  }

  @Test func aDefinitionWithoutAnArchiveIsRefused() throws {
    let mill = try mill()
    let stream = try mill.definition(output: "{ stdout: true }")
    #expect(throws: (any Error).self) {
      try RetryRequest(stream, archive: mill.archive, threads: 1)
    }
  }

  @Test func anArchiveHasToBeThere() throws {
    let mill = try Mill()
    #expect(throws: (any Error).self) { try retry(mill) }
    #expect(!mill.folder.exists("archive"))
  }
}
