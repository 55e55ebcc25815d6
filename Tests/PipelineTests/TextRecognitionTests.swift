import Bytes
import Engine
import Foundation
import Pipeline
import TestSupport
import Testing

/// An input is its text: compressed or not, a file or a pipe, whole, older or longer.
@Suite struct TextRecognitionTests {
  private let mill: Mill
  private static let deduplicate = "{ stage: \"deduplicate\" }"

  init() throws { mill = try Mill() }

  private func lines(_ numbers: ClosedRange<Int>) -> [UInt8] {
    Array(
      numbers.map {
        #"{"n":\#(1_000_000 + $0),"account":"a","timestamp":"2026-11-20T13:00:00Z"}"# + "\n"
      }.joined().utf8)
  }

  /// How a text comes: as a file, compressed, or through a pipe, compressed or not.
  private enum Way: String, CaseIterable {
    case file, gzip, pipe, gzipPipe
  }

  private func run(
    _ way: Way, _ text: [UInt8], stages: String = "",
    _ adjust: (inout RunRequest) -> Void = { _ in }
  ) throws -> RunSummary {
    let name = "in." + way.rawValue
    let stored = way == .gzip || way == .gzipPipe ? try gzip(text) : text
    guard way == .pipe || way == .gzipPipe else {
      try mill.folder.write(name, stored)
      return try mill.run(try mill.definition(stages: stages), [name], adjust).summary
    }
    try? FileManager.default.removeItem(atPath: mill.folder(name))
    try #require(mkfifo(mill.folder(name), 0o600) == 0)
    let path = mill.folder(name)
    let writer = Thread {
      // A run that knows enough closes the pipe before its end.
      signal(SIGPIPE, SIG_IGN)
      guard let handle = FileHandle(forWritingAtPath: path) else { return }
      try? handle.write(contentsOf: Data(stored))
      try? handle.close()
    }
    writer.start()
    return try mill.run(try mill.definition(stages: stages), [name], adjust).summary
  }

  /// What such a run throws, as text.
  private func failure(
    _ way: Way, _ text: [UInt8], stages: String = "",
    _ adjust: (inout RunRequest) -> Void = { _ in }
  ) -> String {
    do {
      _ = try run(way, text, stages: stages, adjust)
      return ""
    } catch { return "\(error)" }
  }

  /// What the archive holds, by the numbers of the events.
  private func archived() throws -> [Int] {
    try mill.archivedLines().compactMap { line in
      line.split(separator: ",").first.flatMap { Int($0.dropFirst(5)) }.map { $0 - 1_000_000 }
    }.sorted()
  }

  @Test func aTextIsKnownHoweverItComes() throws {
    for first in Way.allCases {
      let mill = try TextRecognitionTests()
      let text = lines(1...3)
      #expect(try mill.run(first, text).tally.written == 3)
      for second in Way.allCases {
        let summary = try mill.run(second, text)
        #expect(summary.ending == .nothingNew && summary.known == 1, "\(first) \(second)")
        #expect(summary.tally.read == 0, "\(first) \(second)")
      }
      #expect(try mill.archived() == [1, 2, 3])
    }
  }

  @Test func aTextThatHasGrownIsReadOnHoweverItComes() throws {
    for first in Way.allCases {
      for second in Way.allCases {
        let mill = try TextRecognitionTests()
        // More than is looked at before it is known that it is the same.
        _ = try mill.run(first, lines(1...2_000))
        let summary = try mill.run(second, lines(1...2_002))
        #expect(summary.continued == 1 && summary.tally.written == 2, "\(first) \(second)")
        #expect(try mill.archived() == Array(1...2_002), "\(first) \(second)")
        #expect(try mill.run(second, lines(1...2_002)).ending == .nothingNew)
      }
    }
  }

  @Test func anOlderCopyIsKnownIfItCanBeTold() throws {
    for way in Way.allCases {
      let mill = try TextRecognitionTests()
      _ = try mill.run(.file, lines(1...2))
      _ = try mill.run(.file, lines(1...5_000))
      // Where a commit recorded an end, and beyond 64 KiB.
      #expect(try mill.run(way, lines(1...2)).known == 1, "\(way)")
      let copy = try mill.run(way, lines(1...4_000))
      #expect(copy.known == 1 && copy.ending == .nothingNew, "\(way)")
      #expect(copy.notices.count == 1 && copy.notices[0].contains("older copy"))
      #expect(try mill.archived() == Array(1...5_000), "\(way)")
      let again = try mill.run(way, lines(1...4_000)) { $0.mode = .again }
      #expect(again.tally.written == 4_000 && again.notices.isEmpty, "\(way)")
    }
  }

  @Test func aNewLogThatBeginsLikeAnOldOneIsNew() throws {
    for way in Way.allCases {
      let mill = try TextRecognitionTests()
      _ = try mill.run(.file, lines(1...5_000))
      // Some lines in common, half of them and more than 64 KiB, all but the last.
      for (old, new) in [
        (1...9, 9_000...9_000), (1...1_500, 6_000...7_500), (1...4_999, 9_001...9_002),
      ] {
        let text = lines(old) + lines(new)
        #expect(try mill.run(way, text).tally.written == old.count + new.count, "\(way) \(old)")
      }
      // Two logs may begin with the same few lines.
      #expect(try mill.run(way, lines(1...3)).tally.written == 3, "\(way)")
    }
  }

  /// As long as what comes through a pipe looks like what is known, it is put aside: here more than memory
  /// is given for.
  @Test func aPipeThatIsLongAlikeIsReadWhole() throws {
    let alike = lines(1...30_000)
    _ = try run(.file, alike + lines(50_001...50_001))
    #expect(try run(.pipe, alike + lines(50_002...50_003)).tally.written == 30_002)
    #expect(try run(.pipe, alike + lines(50_002...50_003)).known == 1)
    #expect(!mill.files.contains { $0.contains("spill") })
  }

  @Test func anotherWindowOrPlanNeedsDeduplicateHoweverItComes() throws {
    let other = "{ stage: \"redact\", remove: [\"/n\"] }"
    for way in Way.allCases {
      let mill = try TextRecognitionTests()
      _ = try mill.run(.pipe, lines(1...2))
      let window = mill.failure(way, lines(1...2)) {
        $0.window = TimeWindow(since: time("2020-01-01T00:00:00Z"))
      }
      #expect(window.contains("under another window of time (run 1)"), "\(way)")
      for stages in [other, Self.deduplicate] {
        let plan = mill.failure(way, lines(1...3), stages: stages)
        #expect(plan.contains("under another plan"), "\(way)")
      }
      #expect(try mill.archived() == [1, 2])
    }
  }

  /// What was turned away once is not turned away again.
  @Test func refusalsAreNotQuarantinedTwice() throws {
    let text = Array("no JSON\n".utf8) + lines(1...200)
    for stages in ["", Self.deduplicate] {
      for way in Way.allCases {
        let mill = try TextRecognitionTests()
        #expect(try mill.run(.pipe, text, stages: stages).tally.quarantined == 1)
        #expect(try mill.run(way, text, stages: stages).ending == .nothingNew, "\(way) \(stages)")
        let grown = try mill.run(way, text + lines(201...201), stages: stages)
        #expect(grown.tally.quarantined == 0 && grown.tally.read == 1, "\(way) \(stages)")
      }
    }
  }

  /// Neither are they in another window of time: only what follows may be.
  @Test func refusalsAreNotQuarantinedOnceForEachWindow() throws {
    let text = Array("no JSON\n".utf8) + lines(1...200)
    for way in Way.allCases {
      let mill = try TextRecognitionTests()
      let first = try mill.run(way, text, stages: Self.deduplicate) {
        $0.window = TimeWindow(until: time("2026-01-01T00:00:00Z"))
      }
      #expect(first.tally.quarantined == 1 && first.tally.filtered == 200, "\(way)")
      let more = Array("nor this\n".utf8)
      let rest = try mill.run(way, text + more, stages: Self.deduplicate) {
        $0.window = TimeWindow(since: time("2026-01-01T00:00:00Z"))
      }
      #expect(rest.tally.quarantined == 1 && rest.tally.duplicates == 1, "\(way)")
      #expect(rest.tally.written == 200 && rest.tally.read == 202, "\(way)")
    }
  }

  /// Neither is an event of which nobody can say which window it is in, however its text comes.
  @Test func timelessEventsAreQuarantinedOnce() throws {
    let timeless = Array(#"{"n":1,"account":"a","timestamp":"soon"}"#.utf8) + [0x0A]
    let text = timeless + lines(1...3)
    for first in Way.allCases {
      let mill = try TextRecognitionTests()
      let begun = try mill.run(first, text, stages: Self.deduplicate) {
        $0.window = TimeWindow(until: time("2026-01-01T00:00:00Z"))
      }
      #expect(begun.tally.quarantined == 1 && begun.withoutTime == 1, "\(first)")
      for (month, second) in Way.allCases.enumerated() {
        let longer = text + (0..<month).flatMap { _ in timeless }
        let window = TimeWindow(since: time("2027-0\(month + 1)-01T00:00:00Z"))
        let summary = try mill.run(second, longer, stages: Self.deduplicate) { $0.window = window }
        #expect(summary.tally.quarantined == (month > 0 ? 1 : 0), "\(first) \(second)")
        #expect(summary.tally.duplicates == max(month, 1), "\(first) \(second)")
        #expect(summary.withoutTime == 1 + month, "\(first) \(second)")
      }
    }
  }

  /// What a stage turned away in one window is not turned away in the next that has it too, nor when it is
  /// asked for again.
  @Test func refusalsOfAStageAreNotQuarantinedTwice() throws {
    let stages = #"{ stage: "verify_signature", secrets: [{ env: "S" }] }, "# + Self.deduplicate
    let text = ["no JSON", #"{\"timestamp\":1800000000}"#].flatMap { body -> [UInt8] in
      Array((#"{"headers":{"X-Signature-256":"sha256=00"},"body":""# + body + "\"}\n").utf8)
    }
    func window(_ since: Int64, _ until: Int64) -> (inout RunRequest) -> Void {
      {
        $0.window = TimeWindow(
          since: Timestamp(microseconds: since * 1_000_000),
          until: Timestamp(microseconds: until * 1_000_000))
      }
    }
    let before = try run(.file, text, stages: stages, window(0, 1_800_000_000))
    #expect(before.tally.quarantined == 1 && before.tally.filtered == 1)
    let within = try run(.gzip, text, stages: stages, window(1_800_000_000, 1_900_000_000))
    #expect(within.tally.quarantined == 1 && within.tally.duplicates == 1)
    let overlapping = try run(.pipe, text, stages: stages, window(1_700_000_000, 1_800_000_001))
    #expect(overlapping.tally.quarantined == 0 && overlapping.tally.duplicates == 2)
    let again = try run(.file, text, stages: stages) { $0.mode = .again }
    #expect(again.tally.quarantined == 0 && again.tally.duplicates == 2)
  }

  /// What intake turned away is known however it is read once more, and no signal. An event in a
  /// window that is renewed is judged anew: what the archive had of it is retired.
  @Test func whatIsReadAgainIsNotTurnedAwayAgain() throws {
    let text = Array("no JSON\n".utf8) + lines(1...200)
    func november(_ request: inout RunRequest) {
      request.window = TimeWindow(
        since: time("2026-11-01T00:00:00Z"), until: time("2026-12-01T00:00:00Z"))
    }
    for way in Way.allCases {
      let mill = try TextRecognitionTests()
      let first = try mill.run(way, text, stages: Self.deduplicate, november)
      #expect(first.tally.quarantined == 1 && first.signals == 1, "\(way)")
      for mode in [RunRequest.Mode.again, .replace] {
        let more = try mill.run(way, text, stages: Self.deduplicate) {
          november(&$0)
          $0.mode = mode
        }
        #expect(more.tally.quarantined == 0 && more.signals == 0, "\(way) \(mode)")
        #expect(more.tally.written == (mode == .replace ? 200 : 0), "\(way) \(mode)")
        #expect(more.withoutTime == 0, "\(way) \(mode)")
      }
    }
  }

  /// A log that was restored from an older copy, and went on: what is new may lie behind the last place of
  /// which there is a digest.
  @Test func anOlderCopyThatWentOnIsReadWhereDuplicatesAreDropped() throws {
    for way in Way.allCases {
      let mill = try TextRecognitionTests()
      _ = try mill.run(.file, lines(1...5_000), stages: Self.deduplicate)
      let copy = lines(1...1_000) + lines(9_001...9_010)
      let summary = try mill.run(way, copy, stages: Self.deduplicate)
      #expect(summary.tally.written == 10 && summary.tally.duplicates == 1_000, "\(way)")
      #expect(try mill.run(way, copy, stages: Self.deduplicate).known == 1, "\(way)")
    }
  }

  @Test func aDefinitionThatChangedTellsWhatStays() throws {
    let select = "{ stage: \"redact\", remove: [\"/x\"] }, " + Self.deduplicate
    _ = try run(.file, lines(1...2), stages: Self.deduplicate)
    let summary = try run(.file, lines(1...2), stages: select)
    #expect(summary.tally.duplicates == 2)
    #expect(summary.notices.count == 1 && summary.notices[0].contains("--replace"))
    #expect(try run(.file, lines(1...2), stages: select).notices.isEmpty)
  }

  @Test func copiesWithinARunAreReadOnce() throws {
    let text = lines(1...2_000)
    try mill.folder.write("log", text)
    try mill.folder.write("log.1.gz", gzip(text))
    try mill.folder.write("other", lines(1...1_999) + lines(2_001...2_001))
    try #require(mkfifo(mill.folder("pipe"), 0o600) == 0)
    let path = mill.folder("pipe")
    let writer = Thread {
      let handle = FileHandle(forWritingAtPath: path)
      try? handle?.write(contentsOf: Data(text))
      try? handle?.close()
    }
    writer.start()
    let inputs = ["log", "log.1.gz", "other", "pipe"]
    let summary = try mill.run(try mill.definition(), inputs).summary
    #expect(summary.known == 2 && summary.tally.written == 4_000)
  }
}
