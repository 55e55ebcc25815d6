import Foundation
import TestSupport
import Testing

@testable import Disk

@Suite struct PathsTests {
  let scratch: TemporaryFolder
  let disk = Disk()

  init() throws { scratch = try TemporaryFolder() }

  @Test func statTellsWhatThereIs() throws {
    try scratch.write("a", "12345")
    try scratch.link("l", to: "a")
    let status = try disk.stat(scratch("a"))
    #expect(status.kind == .regular)
    #expect(status.size == 5)
    #expect(abs(Double(status.modified) / 1e9 - Date().timeIntervalSince1970) < 60)
    #expect(try disk.stat(scratch("l")).isSameFile(as: status))
    #expect(try disk.linkStat(scratch("l")).kind == .symbolicLink)
    #expect(try disk.stat(scratch.path).kind == .directory)
    #expect(try disk.stat("/dev/null").kind == .other)
    #expect(try disk.statIfPresent(scratch("b")) == nil)
    #expect(try disk.statIfPresent(scratch("a/b")) == nil)
    #expect(throws: DiskError(.stat, scratch("b"), ENOENT)) { try disk.stat(scratch("b")) }
    #expect(throws: DiskError(.stat, scratch("b"), EACCES)) {
      try failing(.stat, EACCES).statIfPresent(scratch("b"))
    }
  }

  @Test func renameReplaces() throws {
    try scratch.write("a", "new")
    try scratch.write("b", "old")
    #expect(throws: DiskError(.rename, scratch("b"), EXDEV)) {
      try failing(.rename, EXDEV).rename(scratch("a"), to: scratch("b"))
    }
    #expect(scratch.text("b") == "old")
    try disk.rename(scratch("a"), to: scratch("b"))
    #expect(scratch.text("b") == "new")
    #expect(!scratch.exists("a"))
  }

  @Test func removeTakesTheLinkOnly() throws {
    try scratch.write("a")
    try scratch.link("l", to: "a")
    try disk.remove(scratch("l"))
    #expect(scratch.exists("a"))
    #expect(try disk.removeIfPresent(scratch("a")))
    #expect(try !disk.removeIfPresent(scratch("a")))
    #expect(throws: DiskError(.remove, scratch("a"), ENOENT)) { try disk.remove(scratch("a")) }
    #expect(throws: DiskError(.remove, scratch("a"), EROFS)) {
      try failing(.remove, EROFS).removeIfPresent(scratch("a"))
    }
  }

  @Test func realPathHasNoLinks() throws {
    try scratch.write("d/a")
    try scratch.link("l", to: "d")
    let real = try disk.realPath(scratch.path)
    #expect(try disk.realPath(scratch("l/../l/./a")) == real + "/d/a")
    #expect(throws: DiskError(.resolve, scratch("no"), ENOENT)) {
      try disk.realPath(scratch("no"))
    }
  }

  /// The system would take the NUL for the end of the path.
  @Test func aPathWithNULIsNoPath() throws {
    try scratch.write("a", "12345")
    let path = scratch("a") + "\0b"
    #expect(throws: DiskError(.open, path, EINVAL)) { try disk.open(path) }
    #expect(throws: DiskError(.stat, path, EINVAL)) { try disk.stat(path) }
    #expect(throws: DiskError(.remove, path, EINVAL)) { try disk.remove(path) }
    #expect(throws: DiskError(.rename, path, EINVAL)) { try disk.rename(scratch("a"), to: path) }
    #expect(scratch.exists("a"))
  }
}
