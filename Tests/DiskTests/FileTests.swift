import Bytes
import Foundation
import TestSupport
import Testing

@testable import Disk

@Suite struct FileTests {
  let scratch: TemporaryFolder
  let disk = Disk()

  init() throws { scratch = try TemporaryFolder() }

  @Test func whatIsWrittenIsRead() throws {
    let file = try disk.createExclusive(scratch("a"), mode: 0o600)
    try file.write("hello, ")
    try file.write("world")
    try file.sync()
    #expect(try file.size() == 12)
    #expect(try file.status().mode == 0o600)
    try file.close()
    try file.close()
    #expect(try disk.open(scratch("a")).readAll() == "hello, world")
  }

  @Test func openingModesDiffer() throws {
    try scratch.write("a", "old")
    #expect(throws: DiskError(.create, scratch("a"), EEXIST)) {
      try disk.createExclusive(scratch("a"))
    }
    #expect(DiskError(.create, "a", EEXIST).isExisting && !DiskError(.create, "a", EIO).isExisting)
    try disk.openAppending(scratch("a")).write("+new")
    #expect(scratch.text("a") == "old+new")
    try disk.openOrCreate(scratch("a")).write("OLD")
    #expect(scratch.text("a") == "OLD+new")
    _ = try disk.createTruncating(scratch("a"))
    #expect(scratch.text("a") == "")
    #expect(throws: DiskError(.open, scratch("b"), ENOENT)) { try disk.open(scratch("b")) }
  }

  @Test func placesAreReadAndWrittenDirectly() throws {
    let file = try disk.createExclusive(scratch("a"))
    try file.write("0123456789")
    try withBytes("AB") { try file.pwrite(all: $0, at: 4) }
    var buffer = ByteBuffer()
    #expect(try file.pread(into: &buffer, upTo: 100, at: 3) == 7)
    #expect(String(decoding: buffer.view, as: UTF8.self) == "3AB6789")
    try file.truncate(to: 2)
    #expect(scratch.text("a") == "01")
  }

  @Test func interruptedAndShortTransfersGoOn() throws {
    let faults: [Fault] = [.fail(EINTR), .short(1), .fail(EINTR), .short(3), .short(0)]
    let text = "a text of some length"
    let file = try stumbling(.write, faults).createExclusive(scratch("a"))
    try file.write(text)
    try file.close()
    #expect(scratch.text("a") == text)
    #expect(try stumbling(.read, faults).open(scratch("a")).readAll() == text)
    var buffer = ByteBuffer()
    let again = try stumbling(.read, faults).open(scratch("a"))
    #expect(try again.pread(into: &buffer, upTo: text.utf8.count, at: 0) == text.utf8.count)
    let placed = try stumbling(.write, faults).openOrCreate(scratch("b"))
    try withBytes(text) { try placed.pwrite(all: $0, at: 0) }
    #expect(scratch.text("b") == text)
  }

  @Test func aBusyDescriptorIsWaitedFor() throws {
    let file = try stumbling(.write, [.fail(EAGAIN), .fail(EAGAIN)]).createExclusive(scratch("a"))
    try file.write("text")
    #expect(scratch.text("a") == "text")
  }

  @Test func faultsAreReportedWithCallAndPath() throws {
    let path = scratch("a")
    try scratch.write("a")
    let calls: [(DiskCall, (File) throws -> Void)] = [
      (.read, { _ = try $0.readAll() }), (.write, { try $0.write("x") }),
      (.sync, { try $0.sync() }), (.truncate, { try $0.truncate(to: 0) }),
      (.stat, { _ = try $0.size() }), (.lock, { _ = try $0.lock() }),
      (.poll, { _ = try $0.hasDataReady() }), (.close, { try $0.close() }),
    ]
    for (call, body) in calls {
      let file = try failing(call, EIO).openOrCreate(path)
      #expect(throws: DiskError(call, path, EIO)) { try body(file) }
    }
    #expect(throws: DiskError(.open, path, EACCES)) { try failing(.open, EACCES).open(path) }
    #expect(throws: DiskError(.create, path, EMFILE)) {
      try failing(.create, EMFILE).openOrCreate(path)
    }
  }

  @Test func aFullDiskSaysSo() throws {
    let file = try failing(.write, ENOSPC).createExclusive(scratch("x"))
    #expect {
      try file.write("text")
    } throws: {
      "\($0)" == "cannot write: \(scratch("x")): No space left on device"
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aDeviceThatIsReallyFullSaysSo() throws {
    let file = try disk.openOrCreate("/dev/full")
    #expect(throws: DiskError(.write, "/dev/full", ENOSPC)) { try file.write("text") }
  }

  @Test func anInterruptedCloseIsDone() throws {
    let file = try stumbling(.close, [.fail(EINTR)]).createExclusive(scratch("a"))
    try file.close()
  }

  @Test func aLockExcludesUntilItsFileIsClosed() throws {
    let first = try disk.openOrCreate(scratch("lock"))
    let second = try disk.openOrCreate(scratch("lock"))
    #expect(try first.lock())
    #expect(try !second.lock())
    #expect(try !second.lock(exclusive: false))
    try first.close()
    #expect(try second.lock(exclusive: false))
    #expect(try disk.open(scratch("lock")).lock(exclusive: false))
  }

  @Test func aPipeTellsWhetherItHasData() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let reader = File(disk, path: "pipe", descriptor: ends[0])
    let writer = File(disk, path: "pipe", descriptor: ends[1])
    #expect(try !reader.hasDataReady())
    try writer.write("abc")
    #expect(try reader.hasDataReady())
    var buffer = ByteBuffer()
    #expect(try reader.read(into: &buffer, upTo: 100) == 3)
    #expect(try !reader.hasDataReady(timeoutMilliseconds: 1))
    try writer.close()
    #expect(try reader.hasDataReady())
    #expect(try reader.read(into: &buffer, upTo: 100) == 0)
  }

  #if os(Linux)
    @Test func aPipeIsGivenRoomAndOtherFilesAreLeftAlone() throws {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      let reader = File(disk, path: "pipe", descriptor: ends[0])
      let writer = File(disk, path: "pipe", descriptor: ends[1])
      let before = fcntl(ends[1], 1032)
      reader.growPipe()
      let after = fcntl(ends[1], 1032)
      let most = try disk.open("/proc/sys/fs/pipe-max-size").readAll()
      let mostBytes = try #require(Int(most.dropLast()))
      #expect(after >= before)
      #expect(getuid() != 0 && mostBytes < 1 << 20 || after == 1 << 20)
      // What has more keeps it.
      if fcntl(ends[0], 1031, 2 << 20) >= 0 {
        writer.growPipe()
        #expect(fcntl(ends[0], 1032) == 2 << 20)
      }
      try writer.close()
      let file = try disk.openOrCreate(scratch("a"))
      file.growPipe()
      try file.write("text")
      #expect(scratch.text("a") == "text")
    }
  #endif

  @Test func standardStreamsStayOpen() throws {
    try disk.standardError.close()
    #expect(try disk.standardError.status().size >= 0)
  }

  @Test func aDroppedFileIsClosed() throws {
    let descriptor = try disk.createExclusive(scratch("a")).descriptor
    #expect(fcntl(descriptor, F_GETFD) == -1 || descriptor < 0 || !isOpen(descriptor, scratch("a")))
  }

  /// Another test may have been given the same number in the meantime.
  private func isOpen(_ descriptor: Int32, _ path: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)"))
      == path
  }
}
