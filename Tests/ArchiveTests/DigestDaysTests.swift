import Bytes
import Disk
import History
import Synchronization
import TestArchives
import TestSupport
import Testing
import Trail

@testable import Archive

/// A delivery: its digest, and the day of its event by a rule.
private struct Delivery: Hashable {
  let number: Int
  let digest: Digest256

  init(_ number: Int) {
    self.number = number
    digest = RunScript.digest("delivery \(number)")
  }

  /// Rules differ in which time a body has; one delivery in ten has none.
  func day(by rule: Digest256) -> EventDay? {
    number % 10 == 9
      ? .withoutTime
      : EventDay(number: Int32(20_000 + (number / 7 + Int(rule.words.0 % 5)) % 40))
  }
}

/// Rows of digests know the days of their events, and no delivery is lost or written twice for that.
struct DigestDaysTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/archive" }
  private static let rule = RunScript.digest("a rule")

  init() throws { folder = try TemporaryFolder() }

  /// How a run divides its digests: more than four for one day are many.
  private static func sharing(_ rule: Digest256? = rule, mixed: Int = 4) -> DigestSharing {
    var sharing = DigestSharing(rule: rule)
    sharing.mixed = mixed
    return sharing
  }

  private static func day(_ date: String) -> EventDay? {
    var date = date
    return date.withUTF8 { EventDay(date: $0) }
  }

  /// However many rows somebody forges, what a merge costs is bounded.
  @Test func fewFilesAreMergedAtOnce() throws {
    let digest = RunScript.digest("x").hex
    let text =
      #"{"kind":"digests","path":"_trailmill/digests/000000000001-0a0a0a0a.digests","staged":"x","bytes":1,"#
      + #""sha256":"\#(digest)","records":1}"#
    var reader = ManifestRowReader()
    let row = try #require(withBytes(text) { reader.read($0) })
    let many = [ManifestRow](repeating: row, count: 1000)
    #expect(DigestDaysTests.sharing().merged(many, .mixed, count: 1) == Array(0..<64))
    #expect(DigestDaysTests.sharing().merged(Array(many[..<3]), .mixed, count: 1) == [0, 1, 2])
    #expect(DigestDaysTests.sharing().merged(Array(many[..<2]), .mixed, count: 1) == [])
  }

  /// A run that writes what it does not know; returns how many of the deliveries it knew.
  @discardableResult
  private func run(
    _ deliveries: [(Digest256, EventDay?)], _ sharing: DigestSharing = sharing(),
    _ disk: Disk = Disk()
  ) throws -> Int {
    let archive = try opened(path, disk)
    defer { try? archive.close() }
    let run = try archive.beginRun()
    do {
      let memory = DeliveryDigests(run, sharing)
      var known = 0
      for (digest, day) in deliveries {
        if try memory.contains(digest, on: day) {
          known += 1
        } else {
          try memory.add(digest, on: day)
        }
      }
      var commit = try RunScript(parts: []).commit([], quarantine: nil)
      (commit.digests, commit.retired) = try memory.finish()
      _ = try run.publish(commit)
      return known
    } catch {
      try? run.discard()
      throw error
    }
  }

  private func deliveries(_ numbers: Range<Int>, _ date: String) -> [(Digest256, EventDay?)] {
    numbers.map { (Delivery($0).digest, DigestDaysTests.day(date)) }
  }

  private var rows: [ManifestRow] {
    get throws {
      try LiveFiles(ArchiveHistory(disk: Disk(), path: path)).all(.digests).map(\.row)
        .sorted { $0.path < $1.path }
    }
  }

  private func days(_ row: ManifestRow) -> [String?]? { row.days?.days.map(\.date) }

  private func text(_ row: ManifestRow) -> String {
    "\(row.path) \(row.days?.days.compactMap(\.date) ?? [])"
  }

  @Test func aRunWithManyOfADayHasAFileOfThatDay() throws {
    let edge = [
      (Delivery(0).digest, EventDay(time: 1_772_495_999_999_999)),
      (Delivery(1).digest, EventDay(time: 1_772_496_000_000_000)),
      (Delivery(2).digest, EventDay.withoutTime),
    ]
    try run(edge + deliveries(10..<15, "2026-03-04") + deliveries(20..<24, "2026-03-05"))
    #expect(
      try rows.map(days) == [["2026-03-04"], [nil, "2026-03-02", "2026-03-03", "2026-03-05"]])
    #expect(try rows.map(\.records) == [5, 7])
    #expect(try rows.map { $0.path.hasSuffix("-1.digests") } == [true, false])
    #expect(try rows.allSatisfy { $0.days?.rule == DigestDaysTests.rule })
    // The same on the same day is known, and nothing else is.
    #expect(try run(edge + deliveries(10..<16, "2026-03-04")) == 8)
  }

  @Test func aDayWithoutTimeIsOneToo() throws {
    try run((0..<9).map { (Delivery($0).digest, .withoutTime) })
    #expect(try rows.map(days) == [[nil]])
    #expect(try run((0..<9).map { (Delivery($0).digest, .withoutTime) }) == 9)
    #expect(try run(deliveries(0..<9, "2026-03-04")) == 0)
  }

  /// Whoever does not know the day asks all, and all ask those that do not know theirs.
  @Test func whoKnowsNoDayIsAskedAndAsksAll() throws {
    try run(deliveries(0..<9, "2026-03-04"))
    #expect(try run((0..<9).map { (Delivery($0).digest, nil) }, DigestDaysTests.sharing(nil)) == 9)
    try run((20..<29).map { (Delivery($0).digest, nil) }, DigestDaysTests.sharing(nil))
    #expect(try rows.map(days) == [["2026-03-04"], nil])
    #expect(try run(deliveries(20..<29, "2026-03-06")) == 9)
    // A stage that compares values at pointers beside one that compares whole events.
    try run(deliveries(40..<42, "2026-03-07") + [(Delivery(50).digest, nil)])
    #expect(try run(deliveries(50..<51, "2026-03-08") + deliveries(40..<42, "2026-03-07")) == 3)
  }

  @Test func anotherRuleAsksAll() throws {
    try run(deliveries(0..<9, "2026-03-04") + deliveries(20..<22, "2026-03-05"))
    let other = DigestDaysTests.sharing(RunScript.digest("another rule"))
    let again = deliveries(0..<9, "2026-03-09") + deliveries(20..<22, "2026-03-09")
    #expect(try run(again, other) == 11)
    try run(deliveries(30..<32, "2026-03-09"), other)
    // No file of one rule is merged with one of another, of which nothing would be known any more.
    for number in 0..<9 {
      try run(
        deliveries(100 + number..<101 + number, "2026-03-04"),
        number % 2 == 0 ? other : DigestDaysTests.sharing())
    }
    #expect(try rows.allSatisfy { $0.days != nil })
    #expect(Set(try rows.map { $0.days?.rule }).count == 2)
  }

  @Test func filesOfOneDayAreMergedAmongThemselves() throws {
    for round in 0..<4 {
      try run(
        deliveries(round * 100..<round * 100 + 20, "2026-03-04")
          + deliveries(round * 100 + 30..<round * 100 + 50, "2026-03-05")
          + deliveries(round * 100 + 60..<round * 100 + 61, "2026-04-0\(round + 1)"))
    }
    #expect(
      Set(try rows.map { "\($0.records) \(days($0)?.compactMap { $0?.suffix(1) } ?? [])" })
        == ["80 [\"4\"]", "80 [\"5\"]", "4 [\"1\", \"2\", \"3\", \"4\"]"])
    for round in 0..<4 {
      #expect(try run(deliveries(round * 100..<round * 100 + 20, "2026-03-04")) == 20)
      #expect(try run(deliveries(round * 100..<round * 100 + 20, "2026-03-05")) == 0)
    }
  }

  /// A row lists a thousand days at most, whatever is merged: beyond that its file can hold any.
  @Test func aFileOfTooManyDaysListsNone() throws {
    var sharing = DigestDaysTests.sharing()
    sharing.listedDays = 10
    for round in 0..<3 { try run(deliveries(round..<round + 1, "2026-03-0\(round + 1)"), sharing) }
    try run((10..<19).map { (Delivery($0).digest, DigestDaysTests.day("2026-04-\($0)")) }, sharing)
    #expect(try rows.map { $0.days?.days.count } == [1, 1, 1, 9])
    try run(deliveries(30..<31, "2026-05-01"), sharing)
    #expect(try rows.map { $0.days?.days.count } == [4, 9].sorted(by: >))
    for round in 0..<3 {
      try run(
        (40 + round * 10..<49 + round * 10).map {
          (Delivery($0).digest, DigestDaysTests.day("2026-06-\($0 % 10 + 10 + round * 5)"))
        }, sharing)
    }
    #expect(try rows.contains { $0.days == nil })
    #expect(try run(deliveries(10..<11, "2026-04-10")) == 1)
    #expect(
      EventDays((0...1000).compactMap { EventDay(number: $0) }, rule: DigestDaysTests.rule) == nil)
  }

  /// Any deliveries, by any rules, in runs of any size: known is what was written, and nothing else.
  @Test(arguments: [1, 2, 3] as [UInt64]) func theFilesAreASet(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let rules = (0..<3).map { RunScript.digest("rule \($0)") }
    var written: Set<Int> = []
    for _ in 0..<45 {
      var sharing = DigestDaysTests.sharing(
        random.chance(15) ? nil : random.pick(rules + [rules[0], rules[0]]),
        mixed: random.pick([2, 4, 4, 4, 16]))
      sharing.listedDays = random.pick([5, 30, 1000])
      sharing.largestMerged = random.pick([64, 1 << 26])
      let count = 1 << random.next(below: 9)
      let all = Set((0..<count).map { _ in random.next(below: 3000) }).sorted().map(Delivery.init)
      let known = all.filter { written.contains($0.number) }.count
      let asked = all.map { delivery in
        (delivery.digest, sharing.rule.flatMap { delivery.day(by: $0) })
      }
      #expect(try run(asked, sharing) == known)
      written.formUnion(all.map(\.number))
    }
    #expect(try rows.reduce(0) { $0 + $1.records } == written.count)
  }

  /// A checkpoint says what the rows have said.
  @Test func aCheckpointKnowsTheDays() throws {
    for number in 0..<33 {
      try run(deliveries(number * 10..<number * 10 + 6, "2026-03-\(10 + number % 20)"))
    }
    let live = try rows.map(text)
    let archive = try opened(path)
    let state = archive.state.all(.digests)
    #expect(archive.state.checkpoint != nil)
    #expect(state.map(text).sorted() == live.sorted())
    try archive.close()
    #expect(try run(deliveries(0..<6, "2026-03-10") + deliveries(0..<6, "2026-03-11")) == 6)
  }

  /// The order in which deliveries come changes no byte.
  @Test func theOrderOfDeliveriesChangesNothing() throws {
    var all = (0..<400).map { (Delivery($0).digest, Delivery($0).day(by: DigestDaysTests.rule)) }
    try run(all)
    let before = folder.files(below: "archive")
    try Disk().removeTree(path)
    var random = SeededGenerator(seed: 3)
    all.shuffle(using: &random)
    try run(all)
    #expect(before.count > 40 && folder.files(below: "archive") == before)
  }

  /// Whatever call fails: what is committed is there whole, and what is not leaves nothing.
  @Test func aCommitOfSeveralFilesIsOneCommit() throws {
    let all = deliveries(0..<9, "2026-03-04") + deliveries(20..<29, "2026-03-05")
    let others = deliveries(40..<49, "2026-03-04") + deliveries(60..<62, "2026-03-06")
    for _ in 0..<3 { try run(all.map { ($0.0, $0.1) }) }
    var place = 1
    while true {
      let calls = Mutex(0)
      let failing = place
      let disk = Disk { call, path in
        guard path.contains("_trailmill"), call != .close else { return nil }
        let number = calls.withLock {
          $0 += 1
          return $0
        }
        return number >= failing ? .fail(5) : nil
      }
      let result = Result { try run(others, DigestDaysTests.sharing(), disk) }
      if case .success = result { break }
      let archive = try opened(path)
      let isCommitted = (archive.head?.sequence ?? 0) > 3
      try archive.close()
      let files = folder.files(below: "archive")
      #expect(try rows.allSatisfy { files[$0.path]?.count == Int($0.bytes) })
      #expect(files.keys.filter { $0.hasSuffix(".digests") }.count >= (try rows.count))
      if isCommitted { break }
      #expect(try rows.count == 2)
      place += 7
    }
    #expect(place > 20)
    #expect(try run(others) == 11)
    #expect(try run(all) == 18)
  }
}
