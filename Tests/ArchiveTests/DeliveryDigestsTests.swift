import Crypto
import History
import Archive
import Bytes
import Disk
import Foundation
import TestSupport
import TestArchives
import Testing

/// What runs remember of each other's deliveries.
struct DeliveryDigestsTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/archive" }

  init() throws { folder = try TemporaryFolder() }

  /// A run that writes deliveries with these digests; returns how many of them were there before.
  @discardableResult
  private func run(_ digests: [Digest256], at path: String? = nil) throws -> Int {
    let archive = try opened(path ?? self.path)
    let run = try archive.beginRun()
    let memory = DeliveryDigests(run, DigestSharing(rule: nil))
    var known = 0
    for digest in digests {
      if try memory.contains(digest, on: nil) {
        known += 1
      } else {
        try memory.add(digest, on: nil)
      }
    }
    var commit = try RunScript(parts: []).commit([], quarantine: nil)
    (commit.digests, commit.retired) = try memory.finish()
    _ = try run.publish(commit)
    try archive.close()
    return known
  }

  private var files: [LiveFile] {
    get throws {
      try LiveFiles(ArchiveHistory(disk: Disk(), path: path)).all(.digests)
    }
  }

  private static func digest(_ number: Int) -> Digest256 { RunScript.digest("delivery \(number)") }

  @Test func whatOneRunWroteEveryLaterOneKnows() throws {
    var random = SeededGenerator(seed: 7)
    var written: Set<Int> = []
    for _ in 0..<70 {
      // Runs of all sizes, from one delivery to some thousand.
      let count = 1 << random.next(below: 11)
      let numbers = Set((0..<count).map { _ in random.next(below: 40_000) }).sorted()
      let expected = numbers.filter { written.contains($0) }.count
      #expect(try run(numbers.map(DeliveryDigestsTests.digest)) == expected)
      written.formUnion(numbers)
    }
    let files = try files
    #expect(files.reduce(0) { $0 + $1.row.records } == written.count)
    // Three of a class at most, and a class is a factor of four.
    let classes = Dictionary(grouping: files) { Int(log2(Double($0.row.records)) / 2) }
    #expect(classes.values.allSatisfy { $0.count <= 3 })
    #expect(try run((0..<40_000).map(DeliveryDigestsTests.digest)) == written.count)
  }

  @Test func aFileHoldsTheDigestsInFullAndSorted() throws {
    for count in [1, 2, 3, 7, 8, 31, 32, 33, 1000, 5000] {
      let path = folder.path + "/of \(count)"
      let digests = (0..<count).map(DeliveryDigestsTests.digest)
      try run(digests, at: path)
      let rows = try LiveFiles(ArchiveHistory(disk: Disk(), path: path)).all(.digests)
      let row = try #require(rows.first)
      #expect(rows.count == 1 && row.row.records == count)
      let bytes = try #require(folder.files(below: "of \(count)")[row.row.path])
      #expect(row.row.bytes == Int64(bytes.count))
      #expect(bytes.withUnsafeBufferPointer { SHA256.digest($0) } == row.row.sha256)
      #expect(bytes.prefix(8) == ArraySlice("TMDIGEST".utf8))
      // Behind the digests come the hashes of the blocks of 64 KiB.
      let hashes = (bytes.count + 65_567) / 65_568 * 32
      let found = bytes.dropLast(hashes).suffix(count * 32).withUnsafeBufferPointer { view in
        (0..<count).compactMap { Digest256(ByteView(rebasing: view[$0 * 32..<$0 * 32 + 32])) }
      }
      #expect(found == digests.sorted())
    }
  }

  /// Sorting relies on digests being spread evenly; what is not must come out right all the same.
  @Test func digestsThatCrowdAreSortedToo() throws {
    let crowded = (0..<3000).map { number in
      Digest256(0x0101_0101_0101_0101, UInt64(number % 7), 0, UInt64(3000 - number))
    }
    try run(crowded + [Digest256(0, 0, 0, 0), Digest256(.max, .max, .max, .max)])
    #expect(try run(crowded) == 3000)
    #expect(
      try run([Digest256(0, 0, 0, 1), Digest256(0, 0, 0, 0), Digest256(.max, .max, .max, .max)])
        == 2)
  }

  @Test func theOrderOfDeliveriesChangesNothing() throws {
    let digests = (0..<500).map(DeliveryDigestsTests.digest)
    try run(digests)
    try run(digests.reversed(), at: folder.path + "/reversed")
    #expect(folder.files(below: "archive") == folder.files(below: "reversed"))
  }

  /// A run whose memory of an earlier one was lost may write a delivery again: one file has it once.
  @Test func whatIsMergedHasEveryDigestOnce() throws {
    for round in 0..<4 {
      let archive = try opened(path)
      let run = try archive.beginRun()
      let memory = DeliveryDigests(run, DigestSharing(rule: nil))
      for number in [1, 2, 1, 10 + round, 20 + round] {
        try memory.add(DeliveryDigestsTests.digest(number), on: nil)
      }
      var commit = try RunScript(parts: []).commit([], quarantine: nil)
      (commit.digests, commit.retired) = try memory.finish()
      _ = try run.publish(commit)
      try archive.close()
    }
    let expected = ([1, 2] + Array(10...13) + Array(20...23)).map(DeliveryDigestsTests.digest)
    #expect(try files.map(\.row.records) == [expected.count])
    let file = try #require(try files.first).row
    let bytes = try #require(folder.files(below: "archive")[file.path])
    let digests = bytes.dropLast(32).suffix(expected.count * 32).withUnsafeBufferPointer { view in
      stride(from: 0, to: view.count, by: 32).compactMap {
        Digest256(ByteView(rebasing: view[$0..<$0 + 32]))
      }
    }
    #expect(digests == expected.sorted())
  }

  /// A planted digest would swallow an event for ever if a merge gave it a digest of its own.
  @Test func whatWasAlteredIsNotMerged() throws {
    for round in 0..<3 { try run((0..<10).map { DeliveryDigestsTests.digest(round * 10 + $0) }) }
    let file = path + "/" + (try #require(try files.first)).row.path
    var bytes = [UInt8](try #require(FileManager.default.contents(atPath: file)))
    bytes[bytes.count - 1] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    let error = #expect(throws: ArchiveError.self) {
      try run((100..<110).map(DeliveryDigestsTests.digest))
    }
    #expect(error?.kind == .damaged && error?.description.contains(file) == true)
    #expect(try files.count == 3)
  }

  /// Once it is asked: who asks for nothing opens nothing.
  @Test func aFileThatIsGoneOrAlteredInLengthIsAnError() throws {
    try run((0..<10).map(DeliveryDigestsTests.digest))
    let file = path + "/" + (try #require(try files.first)).row.path
    let good = try #require(FileManager.default.contents(atPath: file))
    let alterations: [Data?] = [nil, Data(), good.dropLast(1), good + [0], Data(good.reversed())]
    for bad in alterations {
      try FileManager.default.removeItem(atPath: file)
      if let bad { try bad.write(to: URL(fileURLWithPath: file)) }
      let error = #expect(throws: ArchiveError.self) {
        try run([DeliveryDigestsTests.digest(1)])
      }
      #expect(error?.kind == .damaged && error?.description.contains(file) == true)
      if bad == nil { try good.write(to: URL(fileURLWithPath: file)) }
    }
  }
}
