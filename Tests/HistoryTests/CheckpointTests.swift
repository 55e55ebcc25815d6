import History
import Archive
import Bytes
import Disk
import Foundation
import TestSupport
import TestArchives
import Testing

/// A run knows of all before it what it would know if it had read every manifest.
struct CheckpointTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/archive" }

  init() throws { folder = try TemporaryFolder() }

  private func input(_ number: Int) -> RecordedInput {
    let text = Array("input \(number)".utf8)
    return RecordedInput(
      name: "in \(number)\n\"", bytes: Int64(text.count),
      sha256: RunScript.digest("input \(number)"),
      beginning: text.withUnsafeBufferPointer { ContentMark($0, total: Int64(text.count)) },
      records: 5, continued: number % 3 == 0 ? .init(offset: 4, records: 9) : nil,
      text: number % 5 == 0 ? 77 : nil, format: "ndjson")
  }

  private func candidates(_ archive: ArchiveDirectory, _ number: Int) -> [Ledger.Entry] {
    let text = Array("input \(number)".utf8)
    return text.withUnsafeBufferPointer {
      archive.ledger.entries(
        $0, bytes: Int64(text.count), sha256: RunScript.digest("input \(number)"))
    }
  }

  @Test func everyInputIsKnownForEver() throws {
    for number in 1...70 {
      try RunScript(inputs: [input(number)], hasKeys: true).run(path)
      let archive = try opened(path)
      let found = try #require(candidates(archive, 1 + number / 2).first)
      #expect(found.input == input(1 + number / 2) && found.sequence == 1 + number / 2)
      try archive.close()
    }
    let archive = try opened(path)
    for number in 1...70 {
      let entries = candidates(archive, number)
      #expect(entries.count == 1 && entries[0].input == input(number))
      #expect(
        entries[0].wasRead(
          under: RunScript.digest("plan"), TimeWindow(since: time("2026-11-01T00:00:00Z"))))
      #expect(!entries[0].wasRead(under: RunScript.digest("plan"), TimeWindow()))
      #expect(
        !entries[0].wasRead(
          under: RunScript.digest("x"), TimeWindow(since: time("2026-11-01T00:00:00Z"))))
      #expect(entries[0].totalRecords == (number % 3 == 0 ? 14 : 5))
    }
  }

  @Test func oneCheckpointStandsForAllBefore() throws {
    for number in 1...64 { try RunScript(inputs: [input(number)]).run(path) }
    let live = try LiveFiles(ArchiveHistory(disk: Disk(), path: path)).all(.checkpoint)
    #expect(live.map(\.row.path) == ["_trailmill/checkpoints/000000000064.ndjson"])
    // It is enough to go on with: nobody asks for the manifests before it.
    for number in 1..<64 {
      let rows = path + "/_trailmill/manifests/" + String(format: "%012d.ndjson", number)
      try FileManager.default.removeItem(atPath: rows)
    }
    let archive = try opened(path)
    #expect(candidates(archive, 3).count == 1)
  }

  /// Rows of 16 MiB are read by every start that has no checkpoint behind them.
  @Test func aCheckpointIsDueByNumberOrByBytes() {
    let most = ArchiveState.checkpointBytes
    for (bytes, sequence, isDue) in [
      (0, 31, false), (0, 32, true), (0, 33, false), (0, 64, true), (most, 5, false),
      (most + 1, 5, true), (most + 1, 32, true),
    ] {
      #expect(
        ArchiveState(rowBytes: bytes).isCheckpointDue(sequence) == isDue, "\(bytes) \(sequence)")
    }
  }

  @Test func theBytesOfAllRowsSinceTheLastCheckpointCount() throws {
    func rowBytes(_ commits: ClosedRange<Int>) throws -> Int {
      let history = try ArchiveHistory(disk: Disk(), path: path)
      let bytes = try ArchiveState(history, try history.header(history.last)).rowBytes
      let sizes = commits.map { String(format: "archive/_trailmill/manifests/%012d.ndjson", $0) }
        .map { (try? folder.bytes($0).count) ?? 0 }
      #expect(sizes.allSatisfy { $0 > 100 } && bytes == sizes.reduce(0, +))
      return bytes
    }
    for number in 1...3 { try RunScript(inputs: [input(number)]).run(path) }
    let three = try rowBytes(1...3)
    for number in 4...33 { try RunScript(inputs: [input(number)]).run(path) }
    #expect(try rowBytes(32...33) < three)
  }

  @Test func aCheckpointThatWasAlteredIsAnError() throws {
    for number in 1...33 { try RunScript(inputs: [input(number)]).run(path) }
    let file = path + "/_trailmill/checkpoints/000000000032.ndjson"
    let good = try String(contentsOfFile: file, encoding: .utf8)
    try good.replacing("\"records\":5", with: "\"records\":6", maxReplacements: 1)
      .write(toFile: file, atomically: true, encoding: .utf8)
    let error = #expect(throws: ArchiveError.self) {
      try ArchiveDirectory(disk: Disk(), path: path)
    }
    #expect(error?.kind == .damaged && error?.description.contains(file) == true)
  }
}
