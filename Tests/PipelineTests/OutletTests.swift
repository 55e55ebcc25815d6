import Foundation
import TestSupport
import Testing

@testable import Pipeline

/// Archive and stream, seen from outside.
@Suite struct OutletTests {
  @Test func aRehearsalLeavesNothing() throws {
    let mill = try Mill()
    try mill.input("a", [1, 2])
    let archive = try mill.run(try mill.definition(), ["a"]) { $0.isDryRun = true }
    #expect(archive.summary.ending == .dryRun && archive.summary.parts == 1)
    #expect(!mill.folder.exists("archive"))
    let stream = try mill.run(try mill.definition(), ["a"]) {
      $0.isDryRun = true
      $0.output = mill.folder("stream")
    }
    #expect(stream.summary.ending == .dryRun && stream.summary.bytesOut > 0)
    #expect(!mill.folder.exists("stream"))
  }

  @Test func aRehearsalLeavesAnArchiveAsItWas() throws {
    let mill = try Mill()
    try mill.input("a", [1])
    try mill.input("b", [2])
    _ = try mill.run(try mill.definition(), ["a"])
    let before = mill.folder.files(below: "archive")
    _ = try mill.run(try mill.definition(), ["b"]) { $0.isDryRun = true }
    #expect(mill.folder.files(below: "archive") == before)
  }

  @Test func aStreamIsWrittenAsItCame() throws {
    let mill = try Mill()
    try mill.input("a", [1, 2])
    let outcome = try mill.run(
      try mill.definition(output: "{ file: \"\(mill.folder("stream"))\" }"), ["a"])
    #expect(outcome.summary.ending == .streamed && outcome.summary.head == nil)
    #expect(mill.folder.text("stream") == mill.folder.text("a"))
  }

  @Test func aFolderIsNoStream() throws {
    let mill = try Mill()
    try mill.input("a", [1])
    let failure = mill.failure {
      try mill.run(try mill.definition(), ["a"]) { $0.output = mill.folder.path + "/" }
    }
    _ = failure
    let stream = mill.failure {
      try mill.run(
        try mill.definition(output: "{ file: \"\(mill.folder.path)\" }"), ["a"])
    }
    #expect(stream?.hasPrefix("the output is a folder") == true)
  }

  @Test func theArchiveKeepsItsHead() throws {
    let mill = try Mill()
    try mill.input("a", [1])
    let first = try mill.run(try mill.definition(), ["a"]).summary
    let second = try mill.run(try mill.definition(), ["a"]).summary
    #expect(first.head != nil && first.head == second.head)
    #expect(second.run == nil)
  }

  @Test func signalsGoWhereTheCallerWants() throws {
    let mill = try Mill()
    try mill.input("a", [1])
    let failure = mill.failure {
      try mill.run(try mill.definition(), ["a"]) { $0.signals = mill.folder("list") }
    }
    #expect(failure?.contains("--signals needs the stage flag_signals") == true)
    let closed = mill.failure {
      try mill.run(try mill.definition(stages: "{ stage: \"flag_signals\" }"), ["a"]) {
        $0.signals = "fd:987"
      }
    }
    #expect(closed?.contains("descriptor 987 is not open") == true)
    #expect(!mill.folder.exists("archive"))
    let given = try mill.run(
      try mill.definition(stages: "{ stage: \"flag_signals\" }"), ["a"]
    ) { $0.signals = mill.folder("list") }
    #expect(given.summary.ending == .published && mill.folder.exists("list"))
  }
}
