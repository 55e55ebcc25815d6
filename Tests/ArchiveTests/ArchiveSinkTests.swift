import Crypto
import History
import Archive
import Bytes
import Codec
import Disk
import Engine
import Foundation
import JSONText
import TestSupport
import Testing
import Trail

@testable import TestArchives

@Suite struct ArchiveSinkTests {
  /// What a run staged.
  struct Staged: Equatable {
    var output: StagedOutput
    /// The bytes of each part, in the order of `output.parts`.
    var parts: [[UInt8]]
    var rejects: [UInt8]?
    /// What is in the staging folder beside the file that shows who holds it.
    var files: Int
  }

  private func stage(
    _ lines: [String], _ way: Way = Way(), partSize: Int = 1 << 30,
    compression: Compression = Compression(level: 1), mostPartitions: Int = .max,
    manyPartitions: Int = 10_000, disk: Disk = Disk()
  ) throws -> Staged {
    let scratch = try TemporaryFolder()
    var table = PointerTable()
    let dialect = Dialect(
      name: "test",
      pointers: [.account: [try JSONPointer("/p")], .actor: [try JSONPointer("/n")]])
    let bound = dialect.bind(&table)
    let layout = try Layout(parsing: "{/p}").bind(dialect: dialect, table: &table)
    let archive = try ArchiveDirectory(disk: disk, path: scratch.path + "/a")
    let run = try archive.beginRun()
    var settings = PartSettings(
      layout: layout, partSize: partSize, compression: compression,
      dialect: dialect, bound: bound,
      memoryBound: way.memoryBound, mostPartitions: mostPartitions)
    settings.manyPartitions = manyPartitions
    let sink = try ArchiveSink(disk, run: run, settings, rows: rejectRows)
    _ = try Runner.run(plan(lines, way, into: sink, table), threads: way.threads)
    let output = try sink.finish()
    let contents = { (path: String) in [UInt8](try Data(contentsOf: URL(filePath: path))) }
    let folder = parent(of: run.path(of: .quarantine))
    return Staged(
      output: output, parts: try output.parts.map { try contents(run.partPath(index: $0.index)) },
      rejects: output.files[.quarantine] == nil ? nil : try contents(run.path(of: .quarantine)),
      files: try disk.list(folder).count - 1)
  }

  @Test(arguments: [
    Way(threads: 1, perBatch: 7), Way(threads: 2, perBatch: 1000), Way(threads: 4, perBatch: 13),
    Way(threads: 1, perBatch: 1000, memoryBound: 0),
    Way(threads: 2, perBatch: 1, memoryBound: 4096),
    Way(threads: 4, perBatch: 300, memoryBound: 300_000), Way(threads: 4, perBatch: 9000),
    Way(threads: 2, perBatch: 50, memoryBound: 2 << 20),
  ])
  func bytesDependOnTheInputAlone(_ way: Way) throws {
    let events = Events.mixed(seed: 1).lines
    let expected = try stage(events, partSize: 20_000)
    #expect(
      expected.output.parts.count > Set(expected.output.parts.map(\.folder)).count,
      "no part was rolled")
    // Every record has a name of its own, which takes a byte and a quarter in the index.
    #expect(expected.output.files[.index].map { $0.bytes > 7000 } ?? false, "the index is empty")
    #expect(try stage(events, way, partSize: 20_000) == expected)
  }

  @Test(arguments: [32 << 20, 100_000])
  func partsHoldTheRecordsInOrder(memoryBound: Int) throws {
    let events = Events.mixed(seed: 2)
    let staged = try stage(
      events.lines, Way(threads: 2, memoryBound: memoryBound), partSize: 20_000)
    var found: [String: [String]] = [:]
    for (part, stored) in zip(staged.output.parts, staged.parts) {
      let records = lines(try gunzip(stored).flatMap { $0 })
      found[part.folder, default: []] += records
      expect(part, describes: records, stored)
    }
    #expect(found == events.byPartition)
    #expect(staged.output.parts.map(\.index) == Array(0..<staged.parts.count))
    #expect(staged.files == staged.parts.count + 1)
  }

  private func expect(
    _ part: StagedPart, _ format: CompressionFormat = .gzip, describes records: [String],
    _ stored: [UInt8]
  ) {
    var tree = MerkleAccumulator()
    for record in records { withBytes(record) { tree.append(leaf: $0) } }
    #expect(part.merkleRoot == tree.root)
    #expect(part.sha256 == stored.withUnsafeBufferPointer { SHA256.digest($0) })
    #expect(part.bytes == Int64(stored.count))
    #expect(part.records == records.count)
    #expect(part.format == format)
    let times = records.compactMap { record -> Int64? in
      let number = record.split(separator: "\"n\":")[1].prefix { $0.isNumber }
      return Int64(number).flatMap { $0 % 10 == 9 ? nil : $0 }
    }
    #expect(part.firstTime?.seconds == times.min())
    #expect(part.lastTime?.seconds == times.max())
  }

  @Test(arguments: [1, 3])
  func partitionsAreLimited(_ threads: Int) throws {
    let long = String(repeating: "x", count: 300)
    let lines = (0..<40).map { "{\"p\":\"\($0 < 20 ? "" : long)\($0)\",\"n\":\($0)}" }
    let way = Way(threads: threads, perBatch: 7)
    #expect(try stage(lines, way, mostPartitions: 40).output.notices == [])
    let error = #expect(throws: ArchiveError.self) {
      try stage(lines, way, mostPartitions: 39)
    }
    #expect(
      error?.kind == .limit
        && error?.description.contains(
          "39 partitions (limits.partitions): {/p} has most of the values, 40:")
          == true
    )
    let many = try stage(lines, way, manyPartitions: 39).output.notices
    #expect(
      many.count == 1 && many[0].hasPrefix("the events went into 40 partitions: {/p} has most"))
  }

  @Test func aMemberEndsAtTheFirstRecordBoundaryPastOneMebibyte() throws {
    let events = Events.mixed(seed: 3)
    let staged = try stage(events.lines)
    #expect(staged.parts.count == events.byPartition.count)
    for stored in staged.parts {
      let members = try gunzip(stored)
      for (index, member) in members.enumerated() {
        let last = lines(member).last?.utf8.count ?? 0
        #expect(member.count - last - 1 < 1 << 20)
        #expect(member.count >= 1 << 20 || index == members.count - 1)
      }
    }
    #expect(try staged.parts.map { try gunzip($0).count }.max() ?? 0 > 1)
  }

  /// Lines that reach the size of a member exactly end it; with a byte less the next line is still in it.
  @Test(arguments: [0, 32 << 20])
  func aMemberEndsWithTheLineThatReachesItsSize(_ memoryBound: Int) throws {
    let size = Compression.memberSize
    for (lines, expected) in [
      ([size, 100], [size, 100]), ([size - 1, 100, 100], [size + 99, 100]),
      ([size - 100, 100, 100], [size, 100]), ([size - 101, 100, 100, 100], [size + 99, 100]),
      ([size + 1, 100], [size + 1, 100]), ([100, size - 100, size, 50], [size, size, 50]),
    ] {
      var events = Events()
      for bytes in lines { events.append("p", bytes: bytes) }
      let staged = try stage(
        events.lines, Way(threads: 2, perBatch: 1, memoryBound: memoryBound),
        compression: Compression(level: 1))
      #expect(try gunzip(staged.parts[0]).map(\.count) == expected, "\(lines)")
    }
  }

  @Test(arguments: [0, 4096, 1 << 20, 32 << 20])
  func recordsMayBeLargerThanMemoryAndMembers(memoryBound: Int) throws {
    var events = Events()
    for size in [10, 3 << 20, 20, 1 << 20, 0, 2_000_000] { events.append("p", padding: size) }
    let staged = try stage(events.lines, Way(threads: 2, perBatch: 2, memoryBound: memoryBound))
    #expect(staged.parts.count == 1)
    #expect(lines(try gunzip(staged.parts.first ?? []).flatMap { $0 }) == events.lines)
  }

  /// Records that end where a piece does, one byte before and behind, and that span many pieces.
  @Test(arguments: CompressionFormat.allCases, [0, 100_000, 32 << 20])
  func leavesAreThoseOfTheRecordsWhereverPiecesEnd(
    format: CompressionFormat, memoryBound: Int
  ) throws {
    let piece = PieceRule.deflate.size
    var events = Events()
    for size in [piece, piece - 1, piece + 2, 50, piece - 51, 12 * piece, 3 * piece, 100, 100] {
      events.append("p", bytes: size)
    }
    let expected = try stage(
      events.lines, partSize: 64, compression: Compression(format: format))
    let way = Way(threads: 2, perBatch: 1, memoryBound: memoryBound)
    let staged = try stage(
      events.lines, way, partSize: 64, compression: Compression(format: format))
    let isEqual = staged == expected
    #expect(isEqual)
    #expect(staged.parts.count > 1)
    guard format == .none else { return }
    for (part, stored) in zip(staged.output.parts, staged.parts) {
      var tree = MerkleAccumulator()
      let records = lines(stored)
      for record in records { withBytes(record) { tree.append(leaf: $0) } }
      #expect(part.merkleRoot == tree.root)
      #expect(part.records == records.count)
    }
  }

  /// One partition of exactly one and of exactly two pieces, and of a byte more and less.
  @Test(arguments: [-1, 0, 1], [1, 2])
  func textMayEndWithAPiece(difference: Int, pieces: Int) throws {
    var events = Events()
    events.append("p", bytes: pieces * PieceRule.deflate.size + difference)
    let staged = try stage(events.lines)
    let members = try gunzip(staged.parts.first ?? [])
    #expect(members.map(\.count) == [pieces * PieceRule.deflate.size + difference])
    #expect(lines(members.flatMap { $0 }) == events.lines)
    #expect(staged.output.parts.first?.records == 1)
  }

  @Test(.enabled(if: (try? Compression(library: .libdeflate).check()) != nil))
  func membersOfLibdeflateAreNotCutIntoPieces() throws {
    let events = Events.mixed(seed: 9)
    let ways = [Way(), Way(threads: 4, perBatch: 90, memoryBound: 300_000)]
    let staged = try ways.map {
      try stage(events.lines, $0, compression: Compression(library: .libdeflate))
    }
    let areEqual = staged[0] == staged[1]
    #expect(areEqual)
    for (part, stored) in zip(staged[0].output.parts, staged[0].parts) {
      let found = lines(try gunzip(stored).flatMap { $0 })
      #expect(found == events.byPartition[part.folder])
      expect(part, describes: found, stored)
    }
  }

  @Test func framesAreCutAsMembersOfGzipAre() throws {
    let events = Events.mixed(seed: 9)
    let ways = [
      Way(), Way(threads: 4, perBatch: 90, memoryBound: 300_000),
      Way(threads: 2, perBatch: 1, memoryBound: 0),
    ]
    let staged = try ways.map {
      try stage(events.lines, $0, compression: Compression(format: .zstd))
    }
    let areEqual = staged.allSatisfy { $0 == staged[0] }
    #expect(areEqual)
    let gzip = try stage(events.lines)
    let cut = try Dictionary(
      uniqueKeysWithValues: zip(gzip.output.parts.map(\.folder), gzip.parts.map(gunzip)))
    #expect(staged[0].parts.count == cut.count)
    for (part, stored) in zip(staged[0].output.parts, staged[0].parts) {
      let texts = try members(of: stored, .zstd)
      let isCutAlike = texts == cut[part.folder]
      #expect(isCutAlike)
      let found = lines(texts.flatMap { $0 })
      #expect(found == events.byPartition[part.folder])
      expect(part, .zstd, describes: found, stored)
    }
  }

  @Test func noneAndZlibHaveExtensionsOfTheirOwn() throws {
    let events = Events.mixed(seed: 4, count: 200)
    let plain = try stage(events.lines, compression: Compression(format: .none))
    for (part, stored) in zip(plain.output.parts, plain.parts) {
      #expect(part.format == .none)
      #expect(lines(stored) == events.byPartition[part.folder])
    }
    let zlib = try stage(events.lines, compression: Compression(format: .zlib))
    #expect(zlib.output.parts.allSatisfy { $0.format == .zlib })
    #expect(zlib.output.parts.map(\.merkleRoot) == plain.output.parts.map(\.merkleRoot))
  }

  @Test func whatIsTurnedAwayIsStagedInOrder() throws {
    var input = Events.mixed(seed: 5, count: 100).lines
    input[3] = "no json"
    input[77] = "{\"p\":"
    let ways = [Way(), Way(threads: 4, perBatch: 1), Way(threads: 2, perBatch: 30, memoryBound: 0)]
    let staged = try ways.map { try stage(input, $0) }
    #expect(staged.allSatisfy { $0 == staged[0] })
    let rows = lines(try gunzip(staged[0].rejects ?? []).flatMap { $0 })
    let offset = input[..<3].reduce(0) { $0 + $1.utf8.count + 1 }
    #expect(rows.count == 2)
    #expect(
      rows.first == #"{"file":"input-0","record":4,"offset":\#(offset),"stage":"reader","#
        + #""reason":"it is no JSON","bytes":"no json"}"#)
    #expect(rows.last?.contains("\"record\":78,") == true)
    #expect(staged[0].output.files[.quarantine]?.records == 2)
  }

  @Test func withoutRecordsThereAreNoFiles() throws {
    let staged = try stage([])
    #expect(staged.output.parts.isEmpty && staged.output.files[.quarantine] == nil)
    // The index, which is not published.
    #expect(staged.output.files[.index] == nil && staged.files == 1)
  }

  @Test(arguments: [0, 64 << 10])
  func fewFilesAreOpenWhateverTheNumberOfPartitions(memoryBound: Int) throws {
    var events = Events()
    var random = SeededGenerator(seed: 6)
    for _ in 0..<1200 {
      events.append("\(random.next(below: 400))", padding: 40)
    }
    // Thirty partitions whose members are begun while all are open, and written to again.
    for _ in 0..<2 {
      for large in 0..<30 { events.append("\(large)", padding: PieceRule.deflate.size) }
    }
    let watch = Watch()
    let staged = try stage(
      events.lines, Way(threads: 2, perBatch: 100, memoryBound: memoryBound), disk: watch.disk)
    #expect(staged.parts.count == events.byPartition.count)
    #expect(watch.mostOpen <= 21)
    // Among what was closed is the spill file; what is left are the archive's lock and that of staging.
    #expect(watch.stillOpen <= 2)
    for (part, stored) in zip(staged.output.parts, staged.parts) {
      #expect(lines(try gunzip(stored).flatMap { $0 }) == events.byPartition[part.folder])
    }
  }

  @Test(arguments: ["/spill", "/part-", "/quarantine"], [1, 2, 4])
  func aFullDiskEndsTheRun(at place: String, threads: Int) throws {
    var input = Events.mixed(seed: 7, count: 1000).lines
    input[5] = "no json"
    let watch = Watch { call, path in call == .write && path.contains(place) ? ENOSPC : nil }
    let way = Way(threads: threads, perBatch: 50, memoryBound: 100_000)
    let error = #expect(throws: DiskError.self) { try stage(input, way, disk: watch.disk) }
    #expect(error?.errno == ENOSPC)
    #expect(error?.path.contains(place) == true)
  }

  @Test(arguments: [1, 4])
  func aSpillThatCannotBeReadEndsTheRun(threads: Int) throws {
    let watch = Watch { call, path in call == .read && path.hasSuffix("/spill") ? EIO : nil }
    let way = Way(threads: threads, perBatch: 50, memoryBound: 100_000)
    let events = Events.mixed(seed: 8, count: 1000)
    let error = #expect(throws: DiskError.self) { try stage(events.lines, way, disk: watch.disk) }
    #expect(error?.errno == EIO)
  }
}
