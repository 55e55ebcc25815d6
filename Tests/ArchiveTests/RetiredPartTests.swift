import Archive
import Bytes
import Disk
import Foundation
import History
import TestArchives
import TestSupport
import Testing

/// Parts that were taken out leave their places with the commit: nobody who looks for parts by their names
/// counts their records twice.
@Suite struct RetiredPartTests {
  private func archive() throws -> TestArchive {
    let archive = try TestArchive()
    for number in 0..<3 { try archive.commit([["{\"a\":\(number)}"]]) }
    return archive
  }

  private func names(_ archive: TestArchive) -> [String] {
    archive.folder.files(below: "archive").keys.filter { !$0.hasPrefix("_trailmill/manifests/") }
      .sorted()
  }

  private func lines(_ archive: TestArchive, _ part: LiveFile) throws -> [String] {
    var lines: [String] = []
    try archive.history.forEachLine(of: part) { lines.append(String(decoding: $0, as: UTF8.self)) }
    return lines
  }

  @Test func theirNamesAreThoseOfNoParts() throws {
    let archive = try archive()
    let before = try archive.files.all(.part)
    try archive.compact()
    let after = try archive.files.all(.part).map(\.row.path)
    #expect(names(archive).filter { $0.hasSuffix(".gz") } == after && after.count == 1)
    #expect(
      names(archive).filter { $0.hasSuffix(".retired") }
        == before.map { "_trailmill/retired/\($0.row.path).retired" })
    #expect(try archive.files.former.map(\.place) == before.map { PartNames.retired($0.row.path) })
  }

  /// Who has begun with an older manifest reads them until they are removed.
  @Test func aReaderOfBeforeFindsThem() throws {
    let archive = try archive()
    let before = try archive.files.all(.part)
    try archive.compact()
    #expect(try before.flatMap { try lines(archive, $0) } == (0..<3).map { "{\"a\":\($0)}" })
  }

  @Test func theyGoWithTheirFoldersAfterTheGrace() throws {
    let archive = try archive()
    try archive.compact()
    let now = try #require(time("2026-12-01T00:00:00Z"))
    let removed = try opened(archive.path).removeFormer(archive.files, retiredBy: now)
    #expect(removed == 3)
    #expect(!FileManager.default.fileExists(atPath: archive.path + "/_trailmill/retired/hour=0"))
    #expect(names(archive).filter { $0.hasSuffix(".retired") } == [])
  }

  /// A row that names another place is none.
  @Test(arguments: [
    "_trailmill/manifests/000000000001.json", "../x", "", "hour=0/part-x.ndjson.gz",
  ])
  func noRowMovesThemElsewhere(_ place: String) {
    let path = "hour=0/part-000000000001-0123abcd-0000.ndjson.gz"
    let digest = String(repeating: "0", count: 64)
    func row(_ to: String?) -> ManifestRow? {
      let line =
        "{\"kind\":\"retired\",\"path\":\"\(path)\",\"bytes\":1,\"sha256\":\"\(digest)\","
        + "\"records\":1,\"reason\":\"compacted\"" + (to.map { ",\"to\":\"\($0)\"" } ?? "") + "}"
      var reader = ManifestRowReader()
      return withBytes(line) { reader.read($0) }
    }
    #expect(row(place) == nil)
    #expect(row("_trailmill/retired/\(path).retired")?.isMovedOut == true)
    // Those of version 0.1 stay where they are.
    #expect(row(nil)?.isMovedOut == false)
  }

  /// However far the commit came before it ended, the next start does the rest, and at no moment are there
  /// names for the same record twice.
  @Test func theNextStartMovesTheRest() throws {
    let whole = try archive()
    let calls = try renames(whole)
    for failing in 1...calls {
      let archive = try archive()
      var seen = 0
      let isUnfinished = try compact(archive, failing: failing, &seen)
      let parts = names(archive).filter { $0.hasSuffix(".ndjson.gz") }
      let records = parts.reduce(0) { $0 + ($1.contains("part-000000000004") ? 3 : 1) }
      #expect(records <= 3, "\(failing): \(parts)")
      _ = try opened(archive.path)
      let isCommitted = try archive.history.last == 4
      #expect(isUnfinished == isCommitted && seen >= failing, "\(failing)")
      #expect((names(archive) == names(whole)) == isCommitted, "\(failing)")
    }
  }

  /// Renames that a compaction does.
  private func renames(_ archive: TestArchive) throws -> Int {
    var seen = 0
    _ = try compact(archive, failing: .max, &seen)
    return seen
  }

  /// Compacts; the rename with this number fails. True if the commit was made and not completed.
  private func compact(_ archive: TestArchive, failing: Int, _ seen: inout Int) throws -> Bool {
    nonisolated(unsafe) var count = 0
    let disk = Disk { call, _ in
      guard call == .rename else { return nil }
      count += 1
      return count == failing ? .fail(EIO) : nil
    }
    defer { seen = count }
    do {
      try archive.compact(disk)
      return false
    } catch let error as ArchiveError {
      return error.kind == .unfinished
    }
  }
}
