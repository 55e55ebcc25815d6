import Foundation
import TestSupport
import Testing

@Suite struct TemporaryFolderTests {
  @Test func aFolderIsGoneWithItsOwner() throws {
    var folder: TemporaryFolder? = try TemporaryFolder()
    let path = try #require(folder?.path)
    try folder?.write("a/b", "text")
    #expect(FileManager.default.fileExists(atPath: path + "/a/b"))
    folder = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func twoFoldersAreApart() throws {
    let (one, other) = (try TemporaryFolder(), try TemporaryFolder())
    try one.write("a")
    #expect(one.path != other.path && one.exists("a") && !other.exists("a"))
  }

  @Test func whatIsWrittenIsRead() throws {
    let folder = try TemporaryFolder()
    #expect(try folder.write("b/c", [0, 255]) == folder("b/c"))
    try folder.write("a", "text")
    try folder.link("l", to: "a")
    #expect(try folder.bytes("b/c") == [0, 255])
    #expect(folder.text("l") == "text" && folder.text("missing") == nil)
    #expect(folder.names == ["a", "b", "l"])
    #expect(folder.files()["b/c"] == [0, 255] && folder.files(below: "b") == ["c": [0, 255]])
    #expect(try folder.mode("a").map { $0 & 0o600 } == 0o600)
  }

  @Test func theRepositoryIsWhereThePackageIs() {
    let manifest = Repository.file("Package.swift").path
    #expect(FileManager.default.fileExists(atPath: manifest))
    #expect(Repository.file("../x").path == Repository.root.deletingLastPathComponent().path + "/x")
  }
}
