import Bytes
import Disk
import History
import Synchronization
import TestArchives
import TestSupport
import Testing
import Trail

@testable import Archive

/// Half a year of nights, or three years where all is tried, at 10^8 deliveries a day, with one digest for
/// each 2^18: files, their sizes among each other and their rows are those that there would be.
struct DigestYearsTests {
  private static let scale = 1 << 18
  private static let perNight = 100_000_000 / scale
  private static let first: Int32 = 20_000

  let folder: TemporaryFolder
  var path: String { folder.path + "/archive" }

  init() throws { folder = try TemporaryFolder() }

  private static var sharing: DigestSharing {
    var sharing = DigestSharing(rule: RunScript.digest("a rule"))
    sharing.mixed /= scale
    sharing.largestMerged /= scale
    return sharing
  }

  private static func digest(_ night: Int32, _ number: Int) -> Digest256 {
    var random = SeededGenerator(seed: UInt64(bitPattern: Int64(night)) << 32 | UInt64(number))
    return Digest256(random.next(), random.next(), random.next(), random.next())
  }

  private static func day(_ night: Int32) -> EventDay? { EventDay(number: first + night) }

  /// What a job at three in the morning is given: most of the day before, three hours of the new one, and one
  /// in a hundred that is late, by up to a month or, rarely, by years.
  private static func deliveries(_ night: Int32) -> [(Digest256, EventDay?)] {
    (0..<perNight).map { number in
      var day = night + (number % 8 == 0 ? 1 : 0)
      if number % 100 == 99 {
        day = number == 199 ? (night * 7919) % max(night, 1) : max(0, night - Int32(number % 30))
      }
      return (digest(night, number), DigestYearsTests.day(day))
    }
  }

  private func run(_ night: Int32, _ archive: ArchiveDirectory) throws {
    let run = try archive.beginRun()
    let memory = DeliveryDigests(run, DigestYearsTests.sharing)
    for (digest, day) in DigestYearsTests.deliveries(night) { try memory.add(digest, on: day) }
    var commit = try RunScript(parts: []).commit([], quarantine: nil)
    (commit.digests, commit.retired) = try memory.finish()
    _ = try run.publish(commit)
  }

  /// What a run does that asks for deliveries: files of digests that it opens, and blocks that it reads and
  /// verifies.
  private func effort(
    _ asked: [(Digest256, EventDay?)], expected: Int
  ) throws -> (files: Int, blocks: Int, all: Int) {
    let opened = Mutex<[String: Int]>([:])
    let disk = Disk { call, path in
      if call == .open, path.contains("/digests/") {
        opened.withLock { $0[path, default: 0] += 1 }
      }
      return nil
    }
    let archive = try TestArchives.opened(path, disk)
    let run = try archive.beginRun()
    let memory = DeliveryDigests(run, DigestYearsTests.sharing)
    // The start of a run opens none.
    #expect(opened.withLock { $0.isEmpty })
    #expect(try asked.filter { try memory.contains($0.0, on: $0.1) }.count == expected)
    let all = archive.state.all(.digests).count
    try run.discard()
    try archive.close()
    // A file is opened for its hashes, and for each block.
    return opened.withLock { ($0.count, $0.values.reduce(0) { $0 + $1 - 1 }, all) }
  }

  @Test func aLookUpCostsTheSameAfterYears() throws {
    var figures: [(files: Int, blocks: Int, all: Int)] = []
    var night: Int32 = 0
    let ends: [Int32] = Effort.isExhaustive ? [30, 365, 1095] : [30, 90, 180]
    for end in ends {
      let archive = try opened(path)
      while night < end {
        try run(night, archive)
        night += 1
      }
      try archive.close()
      let new = (0..<500).map { (DigestYearsTests.digest(-1, $0), DigestYearsTests.day(night)) }
      figures.append(try effort(new, expected: 0))
      // What came on a day in the middle, and what came late.
      let known = DigestYearsTests.deliveries(night / 2)
      #expect(try effort(Array(known.prefix(90)), expected: 90).files < 12)
      #expect(try effort(known, expected: known.count).all == figures.last?.all)
    }
    #expect(figures[2].all > 2 * Int(night))
    #expect(figures.allSatisfy { $0.files <= 8 && $0.blocks <= 8 })
    // Who knows no day, or another rule's, asks all.
    let unknown = [(DigestYearsTests.digest(-1, 0), nil as EventDay?)]
    #expect(try effort(unknown, expected: 0).files == figures[2].all)
  }
}
