import Bytes
import Disk
import Foundation
import History
import TestArchives
import Testing

@testable import Archive

struct IndexMendingTests {
  private func mending(_ archive: ArchiveDirectory) throws -> IndexMending {
    try IndexMending(archive.manifests, try LiveFiles(archive.manifests), threads: 2)
  }

  /// Mends the index of an archive in a commit of its own, and returns what that retires.
  private func mend(_ path: String) throws -> [RetiredFile] {
    let archive = try opened(path)
    defer { try? archive.close() }
    let mending = try mending(archive)
    let run = try archive.beginRun()
    var commit = Commit(try RunScript(inputs: []).facts)
    commit.facts.kind = .index
    commit.facts.counts = RunCounts()
    try mending.stage(run, &commit, threads: 2)
    _ = try run.publish(commit)
    return commit.retired
  }

  private func partsToMend(_ path: String) throws -> [String] {
    let archive = try opened(path)
    defer { try? archive.close() }
    return try mending(archive).parts.map(\.row.path)
  }

  private func indexes(_ path: String) throws -> [Data] {
    try LiveFiles(ArchiveHistory(disk: Disk(), path: path)).all(.index).map {
      try Data(contentsOf: URL(fileURLWithPath: path + "/" + $0.row.path))
    }
  }

  @Test func aPartWithoutAnIndexGetsTheOneOfItsRun() throws {
    let with = try OnePart(PartLinesTests.many)
    let without = try OnePart(PartLinesTests.many, hasIndex: false)
    #expect(try partsToMend(with.path).isEmpty)
    #expect(try partsToMend(without.path) == [without.part.row.path])
    #expect(try mend(without.path).isEmpty)
    #expect(try partsToMend(without.path).isEmpty)
    #expect(try indexes(without.path) == indexes(with.path))
  }

  @Test func aDamagedIndexIsMadeAnew() throws {
    let archive = try OnePart(PartLinesTests.many)
    let good = try indexes(archive.path)
    let row = try #require(try LiveFiles(archive.history).all(.index).first).row
    let file = URL(fileURLWithPath: archive.path + "/" + row.path)
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: file)
    #expect(try partsToMend(archive.path) == [archive.part.row.path])
    #expect(try mend(archive.path) == [row.retired(.replaced)].compactMap { $0 })
    #expect(try indexes(archive.path) == good)
  }

  @Test func anAlteredPartIsNotIndexed() throws {
    let archive = try OnePart(PartLinesTests.many, hasIndex: false)
    try archive.alter(at: 1000)
    let error = #expect(throws: ArchiveError.self) { try mend(archive.path) }
    #expect(error?.kind == .damaged)
  }
}
