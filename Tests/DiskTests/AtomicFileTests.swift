import Foundation
import TestSupport
import Testing

@testable import Disk

@Suite struct AtomicFileTests {
  let scratch: TemporaryFolder
  let disk = Disk()

  init() throws { scratch = try TemporaryFolder() }

  @Test func appearsOnCommit() throws {
    try scratch.write("a", "old")
    let atomic = try AtomicFile(disk, path: scratch("a"), mode: 0o600)
    try atomic.file.write("new")
    #expect(scratch.text("a") == "old")
    #expect(scratch.text(".a.partial") == "new")
    try atomic.commit()
    #expect(scratch.text("a") == "new")
    #expect(try disk.list(scratch.path) == ["a"])
    #expect(try disk.stat(scratch("a")).mode == 0o600)
  }

  /// Whoever may write into a device's folder must not lose the device.
  @Test func aPipeIsWrittenInPlace() throws {
    #expect(mkfifo(scratch("pipe"), 0o600) == 0)
    let reading = open(scratch("pipe"), O_RDONLY | O_NONBLOCK)
    defer { close(reading) }
    let atomic = try AtomicFile(disk, path: scratch("pipe"))
    try atomic.file.write("new")
    try atomic.commit()
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(read(reading, &bytes, 8) == 3)
    #expect(try disk.stat(scratch("pipe")).kind == .other)
    #expect(try disk.list(scratch.path) == ["pipe"])
  }

  @Test func aLinkStaysAndItsFileIsReplaced() throws {
    try scratch.write("file", "old")
    try FileManager.default.createSymbolicLink(
      atPath: scratch("link"), withDestinationPath: scratch("file"))
    let atomic = try AtomicFile(disk, path: scratch("link"))
    try atomic.file.write("new")
    try atomic.commit()
    #expect(scratch.text("file") == "new")
    #expect(try disk.linkStat(scratch("link")).kind == .symbolicLink)
  }

  @Test func vanishesWithoutCommit() throws {
    do {
      let dropped = try AtomicFile(disk, path: scratch("a"))
      try dropped.file.write("new")
    }
    let discarded = try AtomicFile(disk, path: scratch("a"))
    try discarded.discard()
    try discarded.discard()
    #expect(try disk.list(scratch.path) == [])
  }

  @Test func leftoversAreTakenOver() throws {
    try scratch.write(".a.partial", "a longer text that a killed process left")
    let atomic = try AtomicFile(disk, path: scratch("a"))
    try atomic.file.write("new")
    try atomic.commit()
    #expect(scratch.text("a") == "new")
  }

  @Test func twoWritersDoNotMix() throws {
    let first = try AtomicFile(disk, path: scratch("a"))
    #expect(throws: DiskError(.lock, scratch(".a.partial"), EWOULDBLOCK)) {
      _ = try AtomicFile(disk, path: scratch("a"))
    }
    try first.file.write("first")
    try first.commit()
    #expect(scratch.text("a") == "first")
  }

  @Test(arguments: [DiskCall.sync, .rename]) func aFailedCommitLeavesTheOldFile(
    _ call: DiskCall
  ) throws {
    try scratch.write("a", "old")
    do {
      let atomic = try AtomicFile(failing(call, EIO), path: scratch("a"))
      try atomic.file.write("new")
      #expect {
        try atomic.commit()
      } throws: {
        ($0 as? DiskError)?.operation == call
      }
    }
    #expect(scratch.text("a") == "old")
    #expect(try disk.list(scratch.path) == ["a"])
  }

  @Test func aDirectoryIsRefusedBeforeAnythingIsWritten() throws {
    try scratch.write("a/inside")
    #expect(throws: DiskError(.create, scratch("a"), EISDIR)) {
      _ = try AtomicFile(disk, path: scratch("a"))
    }
    #expect(try disk.list(scratch.path) == ["a"])
  }

  @Test func aLinkInThePlaceOfThePartialFileIsNotFollowed() throws {
    try scratch.write("victim", "old")
    try scratch.link(".a.partial", to: "victim")
    #expect(throws: DiskError(.create, scratch(".a.partial"), ELOOP)) {
      _ = try AtomicFile(disk, path: scratch("a"))
    }
    #expect(scratch.text("victim") == "old")
  }
}
