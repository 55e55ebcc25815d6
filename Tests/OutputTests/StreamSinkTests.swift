import Output
import Bytes
import Codec
import Disk
import Engine
import Foundation
import JSONText
import TestSupport
import Testing

@testable import TestArchives

@Suite struct StreamSinkTests {
  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  private func table() throws -> PointerTable {
    var table = PointerTable()
    _ = table.slot(try JSONPointer("/p"))
    _ = table.slot(try JSONPointer("/n"))
    return table
  }

  private func sink(
    _ compression: Compression, to name: String? = "out", quarantine: String? = "rejects",
    disk: Disk = Disk()
  ) throws -> StreamSink {
    try StreamSink(
      disk, path: name.map { scratch.path + "/" + $0 }, compression: compression,
      quarantine: quarantine.map { scratch.path + "/" + $0 }, rows: rejectRows)
  }

  /// The bytes that a whole run writes to a file.
  private func written(
    _ lines: [String], _ compression: Compression, _ way: Way = Way()
  ) throws -> [UInt8] {
    let sink = try sink(compression)
    _ = try Runner.run(plan(lines, way, into: sink, try table()), threads: way.threads)
    try sink.finish()
    let bytes = try scratch.bytes("out")
    #expect(sink.bytes == bytes.count)
    return bytes
  }

  @Test(arguments: CompressionFormat.allCases)
  func bytesDependOnTheInputAlone(_ format: CompressionFormat) throws {
    let events = Events.mixed(seed: 1).lines
    let compression = Compression(format: format, level: 1)
    let expected = try written(events, compression)
    let ways = [
      Way(threads: 1, perBatch: 7), Way(threads: 2, perBatch: 50), Way(threads: 4, perBatch: 13),
      Way(threads: 4, perBatch: 9000),
    ]
    for way in ways {
      let bytes = try written(events, compression, way)
      #expect(bytes == expected, "\(way)")
    }
  }

  @Test func plainTextIsTheRecordsInOrder() throws {
    let events = Events.mixed(seed: 2, count: 500).lines
    #expect(lines(try written(events, Compression(format: .none))) == events)
  }

  @Test func membersEndAtTheFirstRecordBoundaryPastOneMebibyte() throws {
    let events = Events.mixed(seed: 3).lines
    let members = try gunzip(try written(events, Compression(level: 1), Way(threads: 2)))
    #expect(members.count > 2)
    for member in members {
      #expect(member.count - (lines(member).last?.utf8.count ?? 0) - 1 < 1 << 20)
    }
    #expect(members.dropLast().allSatisfy { $0.count >= 1 << 20 })
    #expect(lines(members.flatMap { $0 }) == events)
  }

  @Test func aStreamThatEndsWithAMemberHasNoEmptyOne() throws {
    var events = Events()
    for _ in 0..<2 { events.append("p", padding: 1 << 20) }
    #expect(try gunzip(try written(events.lines, Compression(level: 1))).count == 2)
  }

  @Test(arguments: [CompressionFormat.gzip, .zlib])
  func aStreamWithoutRecordsIsOneEmptyMember(_ format: CompressionFormat) throws {
    let bytes = try written([], Compression(format: format))
    var expected = ByteBuffer()
    try Compressor(Compression(format: format)).compress(
      ByteView(start: nil, count: 0), into: &expected)
    #expect(bytes == expected.bytes)
    #expect(try written([], Compression(format: .none)) == [])
  }

  @Test(arguments: ["rejects", "rejects.gz"], [1, 4])
  func whatIsTurnedAwayIsInAFileOfItsOwn(name: String, threads: Int) throws {
    let input = ["{}", "no json", "{\"p\":1}", "[", "{}"]
    let sink = try sink(Compression(format: .none), quarantine: name)
    let way = Way(threads: threads, perBatch: 1)
    _ = try Runner.run(plan(input, way, into: sink, try table()), threads: threads)
    try sink.finish()
    #expect(lines(try scratch.bytes("out")) == ["{}", "{\"p\":1}", "{}"])
    var bytes = try scratch.bytes(name)
    if name.hasSuffix(".gz") { bytes = try gunzip(bytes).flatMap { $0 } }
    let rows = lines(bytes)
    #expect(rows.count == 2)
    #expect(rows.first?.contains("\"record\":2,\"offset\":3,\"stage\":\"reader\"") == true)
    #expect(rows.last?.contains("\"record\":4,\"offset\":19,") == true)
    #expect(try Disk().stat(scratch.path + "/" + name).mode == 0o600)
  }

  @Test func nothingIsThereUntilItIsWhole() throws {
    let sink = try sink(Compression())
    _ = try Runner.run(plan(["{}"], Way(), into: sink, try table()), threads: 1)
    #expect(scratch.names.allSatisfy { $0.hasPrefix(".") })
    try sink.finish()
    #expect(scratch.names == ["out", "rejects"])
  }

  @Test func whatIsDiscardedLeavesNothing() throws {
    let sink = try sink(Compression())
    _ = try Runner.run(plan(["{}"], Way(), into: sink, try table()), threads: 1)
    try sink.discard()
    #expect(scratch.names.isEmpty)
  }

  @Test func theQuarantineOfAFailedRunCanBeKept() throws {
    let sink = try sink(Compression())
    _ = try Runner.run(plan(["no json"], Way(), into: sink, try table()), threads: 1)
    try sink.keepRejects()
    #expect(scratch.names == ["rejects"])
  }

  @Test(arguments: CompressionFormat.allCases, [1, 2, 4])
  func aPipeThatIsClosedEndsTheRun(_ format: CompressionFormat, threads: Int) throws {
    let disk = Disk { call, path in
      call == .write && path == "standard output" ? .fail(EPIPE) : nil
    }
    let sink = try sink(Compression(format: format, level: 1), to: nil, disk: disk)
    let events = Events.mixed(seed: 4, count: 200).lines
    let plan = plan(events, Way(perBatch: 10), into: sink, try table())
    let error = #expect(throws: DiskError.self) { _ = try Runner.run(plan, threads: threads) }
    #expect(error?.errno == EPIPE)
  }

  @Test(arguments: [1, 4])
  func aFullDiskLeavesNothing(threads: Int) throws {
    let disk = Disk { call, path in
      call == .write && path.hasSuffix("out.partial") ? .fail(ENOSPC) : nil
    }
    let sink = try sink(Compression(level: 1), disk: disk)
    let plan = plan(Events.mixed(seed: 5).lines, Way(perBatch: 50), into: sink, try table())
    let error = #expect(throws: DiskError.self) { _ = try Runner.run(plan, threads: threads) }
    #expect(error?.errno == ENOSPC)
    try sink.discard()
    #expect(scratch.names.isEmpty)
  }

  @Test func theFirstOutputLeavesWhileInputIsStillComing() throws {
    let sink = try sink(Compression(format: .none))
    let path = scratch.path + "/.out.partial"
    let source = WaitingSource { (try? Disk().stat(path).size) ?? 0 > 0 }
    var plan = plan([], Way(), into: sink, try table())
    plan.source = source
    _ = try Runner.run(plan, threads: 1)
    #expect(source.hasSeenOutput)
  }
}

/// Gives one line, and looks for output before it gives a second one.
private final class WaitingSource: Source {
  private let seesOutput: () -> Bool
  private var given = 0
  private(set) var hasSeenOutput = false

  init(_ seesOutput: @escaping () -> Bool) { self.seesOutput = seesOutput }

  func fill(_ batch: Batch) throws -> Bool {
    if given == 1 { hasSeenOutput = seesOutput() }
    guard given < 2 else { return false }
    given += 1
    batch.bytes.append("{}\n")
    batch.inputCount = batch.bytes.count
    return true
  }

  func cancel() {}
}
