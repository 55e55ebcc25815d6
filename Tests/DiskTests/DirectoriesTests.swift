import Foundation
import TestSupport
import Testing

@testable import Disk

@Suite struct DirectoriesTests {
  let scratch: TemporaryFolder
  let disk = Disk()

  init() throws { scratch = try TemporaryFolder() }

  @Test func makesWhatLacks() throws {
    try disk.makeDirectories(scratch("a/b/c/"), mode: 0o700)
    try disk.makeDirectories(scratch("a/b/c"))
    #expect(try disk.stat(scratch("a/b")).mode == 0o700)
    try scratch.write("file")
    #expect(throws: DiskError(.makeDirectory, scratch("file"), EEXIST)) {
      try disk.makeDirectories(scratch("file"))
    }
    #expect(throws: DiskError(.makeDirectory, scratch("file/x"), ENOTDIR)) {
      try disk.makeDirectories(scratch("file/x"))
    }
    #expect(throws: DiskError(.makeDirectory, scratch("z"), ENOSPC)) {
      try failing(.makeDirectory, ENOSPC).makeDirectories(scratch("z"))
    }
    #expect(throws: DiskError.self) { try disk.makeDirectories("") }
  }

  @Test(
    arguments: [
      ("a", "."), ("a/b", "a"), ("/a", "/"), ("/", "/"), ("a/b/", "a"), ("a//b", "a"), ("", "."),
      ("//a", "/"), ("./a", "."),
    ])
  func parentIsTheDirectoryThatHolds(_ path: String, _ expected: String) {
    #expect(parent(of: path) == expected)
  }

  @Test func listSortsByBytes() throws {
    let names = ["b", "a", "B", "é", "e\u{301}x", "z", ".h", "_u", "a-b", "a.b"]
    for name in names { try scratch.write("d/" + name) }
    let expected = names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    #expect(try disk.list(scratch("d")).map { Array($0.utf8) } == expected)
    #expect(throws: DiskError(.list, scratch("no"), ENOENT)) { try disk.list(scratch("no")) }
    #expect(throws: DiskError(.list, scratch("d"), EIO)) {
      try failing(.list, EIO).list(scratch("d"))
    }
    #expect(try stumbling(.list, [.fail(EINTR), .fail(EINTR)]).list(scratch("d")).count == 10)
  }

  @Test func aNameThatIsNotTextIsAnError() throws {
    try disk.makeDirectories(scratch("d"))
    let made = (scratch("d") + "/x").utf8CString.withUnsafeBufferPointer { path in
      var path = Array(path)
      path[path.count - 2] = CChar(bitPattern: 0xff)
      return open(path, O_CREAT | O_WRONLY, 0o600)
    }
    try #require(made >= 0)
    close(made)
    #expect {
      try disk.list(scratch("d"))
    } throws: {
      ($0 as? DiskError)?.errno == EILSEQ
    }
    try disk.removeTree(scratch("d"))
    #expect(!scratch.exists("d"))
  }

  @Test func removeTreeNeverFollowsLinks() throws {
    try scratch.write("outside/keep")
    try scratch.write("tree/a/b/c")
    try scratch.write("tree/d")
    try scratch.link("tree/a/out", to: scratch("outside"))
    try scratch.link("tree/up", to: "..")
    try scratch.link("tree/dangling", to: "nowhere")
    try scratch.link("link", to: "outside")
    try disk.removeTree(scratch("tree"))
    #expect(!scratch.exists("tree"))
    try disk.removeTree(scratch("link/"))
    #expect(try disk.statIfPresent(scratch("link")) == nil)
    #expect(scratch.text("outside/keep") == "x")
    try disk.removeTree(scratch("outside/keep"))
    try disk.removeTree(scratch("nothing"))
    #expect(try disk.list(scratch.path) == ["outside"])
  }

  @Test func removeTreeReportsWhatItCannotRemove() throws {
    try scratch.write("tree/a")
    #expect(throws: DiskError(.remove, scratch("tree/a"), EACCES)) {
      try failing(.remove, EACCES).removeTree(scratch("tree"))
    }
    #expect(throws: DiskError(.list, scratch("tree"), EMFILE)) {
      try failing(.list, EMFILE).removeTree(scratch("tree"))
    }
  }

  @Test func syncsReport() throws {
    try disk.syncDirectory(scratch.path)
    try disk.open(scratch.path).syncFileSystem()
    #expect(throws: DiskError(.sync, scratch.path, EIO)) {
      try failing(.sync, EIO).syncDirectory(scratch.path)
    }
    #expect(throws: DiskError(.syncFileSystem, scratch.path, EIO)) {
      try failing(.syncFileSystem, EIO).open(scratch.path).syncFileSystem()
    }
  }

  @Test func onlyAnEmptyDirectoryIsRemoved() throws {
    try scratch.write("full/inside")
    try disk.makeDirectories(scratch("empty"))
    #expect(try !disk.removeDirectoryIfEmpty(scratch("full")))
    #expect(try disk.removeDirectoryIfEmpty(scratch("empty")))
    #expect(try disk.removeDirectoryIfEmpty(scratch("empty")))
    #expect(try disk.list(scratch.path) == ["full"])
    #expect(throws: DiskError(.remove, scratch("full/inside"), ENOTDIR)) {
      try disk.removeDirectoryIfEmpty(scratch("full/inside"))
    }
  }
}
