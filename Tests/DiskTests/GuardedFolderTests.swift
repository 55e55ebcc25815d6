import Bytes
import Disk
import Foundation
import TestSupport
import Testing

/// Below a guarded folder nothing leads anywhere else.
@Suite struct GuardedFolderTests {
  private let scratch: TemporaryFolder
  private let disk: Disk

  /// A folder `inside` with a folder and a file, one `outside` with the same, and links to the latter.
  init() throws {
    scratch = try TemporaryFolder()
    for folder in ["inside/folder", "outside/folder"] {
      try Disk().makeDirectories(scratch(folder))
      try scratch.write(folder + "/file", "x")
    }
    disk = Disk().guarding(scratch("inside"))
    try link("inside/folder-link", to: "outside/folder")
    try link("inside/file-link", to: "outside/folder/file")
    try link("inside/dangling", to: "outside/new")
  }

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: scratch(path), withDestinationPath: scratch(target))
  }

  /// What the disk says of a link on the way.
  private func isRefused(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return false
    } catch { return (error as? DiskError)?.errno == ELOOP }
  }

  private func outside() -> [String: [UInt8]] { scratch.files(below: "outside") }

  @Test func ordinaryPathsAreAsEver() throws {
    let path = scratch("inside/folder/file")
    #expect(try disk.contents(path, limit: 10) == [UInt8(ascii: "x")])
    #expect(try disk.stat(path).kind == .regular)
    #expect(try disk.list(scratch("inside/folder")) == ["file"])
    try disk.makeDirectories(scratch("inside/a/b//c"))
    try disk.createExclusive(scratch("inside/a/b/c/new")).close()
    try disk.rename(scratch("inside/a/b/c/new"), to: scratch("inside/folder/new"))
    try disk.syncDirectory(scratch("inside/folder"))
    try disk.remove(scratch("inside/folder/new"))
    #expect(try disk.statIfPresent(scratch("inside/folder/new")) == nil)
    try disk.removeTree(scratch("inside/a"))
    #expect(try disk.statIfPresent(scratch("inside/a/b")) == nil)
    #expect(try disk.removeDirectoryIfEmpty(scratch("inside/none")))
  }

  /// Outside of the folder, and for the folder itself, links are followed.
  @Test func theFolderMayBeReachedThroughALink() throws {
    try link("way", to: "inside")
    let disk = Disk().guarding(scratch("way"))
    #expect(try disk.list(scratch("way")).contains("folder"))
    #expect(try disk.contents(scratch("way/folder/file"), limit: 10) == [UInt8(ascii: "x")])
    try link("elsewhere", to: "outside/folder")
    #expect(try disk.list(scratch("elsewhere")) == ["file"])
    #expect(isRefused { _ = try disk.list(scratch("way/folder-link")) })
    // A folder whose name only begins alike is another.
    try Disk().makeDirectories(scratch("inside-too"))
    try link("inside-too/link", to: "outside/folder/file")
    #expect(try self.disk.contents(scratch("inside-too/link"), limit: 10).count == 1)
  }

  @Test func noLinkIsFollowed() throws {
    let before = outside()
    let (file, folder) = (scratch("inside/file-link"), scratch("inside/folder-link"))
    #expect(isRefused { _ = try disk.open(file) })
    #expect(isRefused { _ = try disk.openAppending(file) })
    #expect(isRefused { _ = try disk.openOrCreate(file) })
    #expect(isRefused { _ = try disk.openOrCreate(scratch("inside/dangling")) })
    #expect(isRefused { _ = try disk.contents(folder + "/file", limit: 10) })
    #expect(isRefused { _ = try disk.createTruncating(folder + "/file") })
    #expect(isRefused { _ = try disk.createExclusive(folder + "/new") })
    #expect(isRefused { _ = try disk.stat(folder + "/file") })
    #expect(isRefused { try disk.makeDirectories(folder + "/new") })
    #expect(isRefused { try disk.makeDirectories(folder) })
    #expect(isRefused { try disk.rename(scratch("inside/folder/file"), to: folder + "/file") })
    #expect(isRefused { try disk.rename(folder + "/file", to: scratch("inside/file")) })
    #expect(isRefused { try disk.remove(folder + "/file") })
    #expect(isRefused { _ = try disk.removeDirectoryIfEmpty(folder + "/folder") })
    #expect(isRefused { try disk.removeTree(folder + "/file") })
    #expect(isRefused { _ = try disk.open(scratch("inside/folder/../folder/file")) })
    #expect(try disk.stat(folder).kind == .symbolicLink)
    #expect(outside() == before)
  }

  /// To Swift a slash before a combining mark is another character; to the system it ends a name.
  @Test func aNameMayBeginWithACombiningMark() throws {
    try scratch.write("outside/folder/\u{301}x", "y")
    try Disk().makeDirectories(scratch("inside/\u{301}a"))
    try scratch.write("inside/\u{301}a/\u{301}b", "z")
    let before = outside()
    let path = scratch("inside/folder-link") + "/\u{301}x"
    #expect(isRefused { _ = try disk.contents(path, limit: 10) })
    #expect(isRefused { try disk.remove(path) })
    #expect(isRefused { try disk.removeTree(path) })
    #expect(outside() == before)
    let own = scratch("inside") + "/\u{301}a/\u{301}b"
    #expect(try disk.contents(own, limit: 10) == [UInt8(ascii: "z")])
  }

  /// A link goes, what it leads to stays; and a file that has another name elsewhere is replaced, not
  /// emptied.
  @Test func whatIsRemovedOrReplacedIsInside() throws {
    let before = outside()
    try disk.removeTree(scratch("inside/folder-link"))
    try disk.remove(scratch("inside/file-link"))
    try disk.createTruncating(scratch("inside/dangling")).write(all: ByteView(start: nil, count: 0))
    #expect(try disk.stat(scratch("inside/dangling")).kind == .regular)
    try FileManager.default.linkItem(
      atPath: scratch("outside/folder/file"), toPath: scratch("inside/hard"))
    try disk.createTruncating(scratch("inside/hard")).close()
    #expect(try disk.stat(scratch("inside/hard")).size == 0)
    #expect(outside() == before)
  }

  /// Neither is anything else opened: a pipe would make whoever opens it wait.
  @Test func onlyRegularFilesAreOpened() throws {
    try #require(mkfifo(scratch("inside/pipe"), 0o600) == 0)
    for path in ["inside/pipe", "inside/folder"] {
      let error = #expect(throws: DiskError.self) { _ = try disk.open(scratch(path)) }
      #expect(error?.isNoFile == true)
    }
    #expect(
      "\(DiskError(.open, "a", ENXIO))" == "cannot open: a: it is a pipe, a socket or a device")
  }
}
