import Archive
import Bytes
import Crypto
import Disk
import Foundation
import Synchronization
import TestArchives
import TestSupport
import Testing

@testable import History

/// Nobody believes rows of a commit that the next one does not speak of: whatever their header says of them.
@Suite struct ChainTests {
  private func archive(_ commits: Int) throws -> TestArchive {
    let archive = try TestArchive()
    for number in 1...commits { try archive.run(number) }
    return archive
  }

  /// Alters rows, and makes their header fit them; what comes behind it stays as it was.
  private func forge(_ archive: TestArchive, _ sequence: Int, _ old: String, _ new: String) throws {
    let path = ManifestNames.rowsPath(sequence)
    func root() -> String {
      var tree = MerkleAccumulator()
      for line in archive.read(path).split(separator: UInt8(ascii: "\n")) {
        line.withUnsafeBufferPointer { tree.append(leaf: $0) }
      }
      return tree.root.hex
    }
    let before = root()
    try archive.alter(path, old, new)
    try archive.alter(ManifestNames.headerPath(sequence), before, root())
  }

  private func expectOffChain(_ sequence: Int, _ body: () throws -> Void) {
    let error = #expect(throws: ArchiveError.self) { try body() }
    let header = ManifestNames.header(sequence)
    #expect(
      error?.kind == .damaged && error?.description.contains(header) == true
        && error?.description.contains("not the one of which the next one speaks") == true,
      "\(String(describing: error))")
  }

  @Test(arguments: [1, 2, 31, 39]) func filesAreTakenFromTheChainAlone(_ sequence: Int) throws {
    let archive = try archive(40)
    let history = try archive.history
    #expect(try LiveFiles(history).all(.part).isEmpty == false)
    try forge(archive, sequence, "\"last_time\":\"2026", "\"last_time\":\"2020")
    expectOffChain(sequence) { _ = try LiveFiles(history) }
    expectOffChain(sequence) { _ = try history.heads() }
    // A run whose state begins behind it can start, and takes nothing from there.
    let isKnown = sequence < 32
    let opened = { try ArchiveDirectory(disk: Disk(), path: archive.path).close() }
    if isKnown { try opened() } else { expectOffChain(sequence, opened) }
  }

  /// Whoever holds the lock has looked at the newest header: another one later is not that.
  @Test func theNewestHeaderIsTheOneThatWasLookedAt() throws {
    let archive = try archive(3)
    let held = try ArchiveDirectory(disk: Disk(), path: archive.path)
    _ = try LiveFiles(held.manifests)
    try forge(archive, 3, "\"last_time\":\"2026", "\"last_time\":\"2020")
    let error = #expect(throws: ArchiveError.self) { _ = try LiveFiles(held.manifests) }
    #expect(error?.description.contains("a header was altered meanwhile") == true)
    try held.close()
  }

  /// Somebody stages what an old commit seems to have left, to have parts taken out.
  @Test func nothingIsCompletedThatIsNotOnTheChain() throws {
    let archive = try archive(40)
    let part = try #require(try archive.files.all(.part).first { $0.sequence == 20 }).row
    let retired =
      "{\"kind\":\"retired\",\"path\":\"\(part.path)\",\"bytes\":\(part.bytes),\"sha256\":"
      + "\"\(part.sha256?.hex ?? "")\",\"records\":1,\"reason\":\"expired\",\"to\":"
      + "\"\(PartNames.retired(part.path))\"}"
    // A row in the place of another: the header has their number.
    let rows = String(decoding: archive.read(ManifestNames.rowsPath(2)), as: UTF8.self)
    let table = try #require(rows.split(separator: "\n").first { $0.contains("\"table\"") })
    try forge(archive, 2, String(table), retired)
    try archive.write([1], "_trailmill/staging/000000000002/x")
    expectOffChain(2) { try ArchiveDirectory(disk: Disk(), path: archive.path).close() }
    #expect(archive.folder.exists("archive/" + part.path))
  }

  /// Whoever plants what seem to be many commits that have to be completed does not have the chain read for
  /// each of them.
  @Test func theChainIsReadOnceForAllThatIsCompleted() throws {
    let archive = try TestArchive()
    for _ in 1...40 { try RunScript().run(archive.path) }
    for number in 1...40 { try archive.write([1], StagingNames.folder(number) + "/x") }
    let opened = Mutex(0)
    let disk = Disk { call, path in
      if call == .open, path.hasSuffix(".json") { opened.withLock { $0 += 1 } }
      return nil
    }
    try ArchiveDirectory(disk: disk, path: archive.path).close()
    let count = opened.withLock { $0 }
    #expect((40...120).contains(count), "\(count)")
  }

  /// Rows of many MiB are compared with their header before they are taken into memory.
  @Test func rowsThatAreManyAreLookedAtFirst() throws {
    let archive = try archive(2)
    let path = ManifestNames.rowsPath(1)
    let rows = archive.read(path)
    for more in [UInt8(ascii: "\n"), UInt8(ascii: "x")] {
      try archive.write(rows + [UInt8](repeating: more, count: ReadLimit.unchecked), path)
      let error = #expect(throws: ArchiveError.self) { _ = try archive.files }
      #expect(error?.description.contains("not those that its header speaks of") == true)
    }
  }

  @Test func aNameThatIsNoTextBlocksNothing() throws {
    let archive = try archive(1)
    for folder in ["staging", "manifests"] {
      let name = (archive.path + "/_trailmill/\(folder)/").utf8CString.dropLast()
      let file = open(Array(name) + [-1, -2, 0], O_CREAT | O_WRONLY, 0o644)
      #expect(file >= 0)
      close(file)
    }
    try archive.run(2)
    #expect(try archive.history.last == 2)
  }
}
