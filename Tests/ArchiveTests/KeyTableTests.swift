import Bytes
import Crypto
import History
import Archive
import Disk
import Foundation
import TestSupport
import TestArchives
import Testing
import Trail

struct KeyTableTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/archive" }

  init() throws { folder = try TemporaryFolder() }

  private func key(_ id: String) -> ReferencedKey {
    ReferencedKey(text: Array(#"{"id":"\#(id)","scopes":["s"]}"#.utf8))
  }

  /// A run that refers to these keys; the rows of its own table.
  @discardableResult
  private func run(_ ids: [String]) throws -> [String]? {
    let archive = try opened(path)
    let run = try archive.beginRun()
    let (parts, quarantine) = try RunScript().stage(run, Disk())
    let keys = try run.stageKeys(ids.map(key))
    let published = try run.publish(
      RunScript().commit(parts, keys: keys, quarantine: quarantine))
    try archive.close()
    #expect(published.parts == 3)
    guard let keys else { return nil }
    let bytes = try #require(folder.files(below: "archive")[KeyTableTests.path(keys)])
    #expect(bytes.withUnsafeBufferPointer { SHA256.digest($0) } == keys.sha256)
    #expect(Int64(bytes.count) == keys.bytes)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(lines.count == keys.records)
    return lines
  }

  private static func path(_ keys: StagedFile) -> String {
    "_trailmill/keys/\(keys.sha256.hex).ndjson"
  }

  private var tables: [String] {
    folder.files(below: "archive").keys.filter { $0.hasPrefix("_trailmill/keys/") }.sorted()
  }

  private func line(_ id: String) -> String {
    let key = key(id)
    return "{\"digest\":\"\(key.digest.hex.prefix(32))\","
      + String(decoding: key.text.dropFirst(), as: UTF8.self)
  }

  @Test func aRunAddsWhatNoEarlierOneHolds() throws {
    #expect(try run([]) == nil)
    #expect(tables == [])
    let first = try run(["b", "a", "c", "a"])
    #expect(first == ["a", "b", "c"].map(line).sorted())
    #expect(try run(["a", "c"]) == nil)
    #expect(tables.count == 1)
    #expect(try run(["d", "a"]) == [line("d")])
    #expect(try run(["d", "b"]) == nil)
    #expect(tables.count == 2)
  }

  @Test func theOrderOfTheKeysChangesNothing() throws {
    try run(["a", "b", "c"])
    let files = folder.files(below: "archive")
    try Disk().removeTree(path)
    try run(["c", "b", "a"])
    #expect(folder.files(below: "archive") == files)
  }

  @Test func theManifestCoversTheTable() throws {
    try run(["a"])
    let rows = try #require(
      folder.files(below: "archive")["_trailmill/manifests/000000000001.ndjson"])
    let kinds = try String(decoding: rows, as: UTF8.self).split(separator: "\n").map {
      let row = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      return try #require(row)
    }
    #expect(
      kinds.compactMap { $0["kind"] as? String }
        == ["definition", "table", "input", "part", "part", "part", "keys", "quarantine"])
    #expect(kinds[6]["path"] as? String == tables.first)
    #expect(kinds[6]["records"] as? Int == 1 && kinds[6]["staged"] as? String == "keys")
    #expect(try folder.mode("archive/" + (try #require(tables.first))) == 0o644)
  }

  /// What is wrong with a table is an error, not a reason to write rows a second time; where it is removed,
  /// the next run that needs a row writes it.
  @Test(arguments: [
    "", "\n", "no JSON\n", "{\"digest\":\"", "{\"digest\":\"00000000000000000000000000000000\",",
    "{\"digest\":\"00000000000000000000000000000000\",\"id\":\"a\",\"scopes\":[\"s\"]}\n",
    "\u{0}\u{0}", String(repeating: "x", count: 3 << 20),
  ]) func anAlteredTableIsAnError(_ content: String) throws {
    try run(["a"])
    let table = try #require(tables.first)
    try Data(content.utf8).write(to: URL(fileURLWithPath: path + "/" + table))
    let error = #expect(throws: ArchiveError.self) { try run(["a"]) }
    #expect(error?.kind == .damaged && error?.description.contains(table) == true)
    try FileManager.default.removeItem(atPath: path + "/" + table)
    #expect(try run(["a"]) == [line("a")])
    #expect(tables == [table])
    #expect(try run(["a"]) == nil)
  }

  @Test func aTableThatIsGoneIsWrittenAgain() throws {
    try run(["a", "b"])
    try Disk().removeTree(path + "/_trailmill/keys")
    #expect(try run(["b"]) == [line("b")])
  }

  /// Who can write into the folder cannot keep a row out of what the manifests cover.
  @Test func aTableThatNoManifestNamesDoesNotCount() throws {
    try run(["a"])
    let planted = path + "/_trailmill/keys/planted.ndjson"
    try Data((line("b") + "\n").utf8).write(to: URL(fileURLWithPath: planted))
    #expect(try run(["b"]) == [line("b")])
  }

  @Test func manyKeysAreWrittenInPieces() throws {
    let ids = (0..<40_000).map { "key-\($0)" }
    #expect(try run(ids)?.count == ids.count)
    #expect(try run(ids) == nil)
    #expect(try run(ids + ["one more"]) == [line("one more")])
  }

  @Test func aDiscardedRunLeavesNoTable() throws {
    let archive = try opened(path)
    let run = try archive.beginRun()
    #expect(try run.stageKeys([key("a")]) != nil)
    try run.discard()
    #expect(tables == [])
  }

  /// A run that is committed, and whose files have no names yet, is completed by the next start.
  @Test func theTableIsRolledForward() throws {
    let path = path
    let failing = Disk { call, target in
      call == .rename && target.contains("/_trailmill/keys/") ? .fail(5) : nil
    }
    let archive = try ArchiveDirectory(disk: failing, path: path)
    let run = try archive.beginRun()
    let (parts, quarantine) = try RunScript().stage(run, failing)
    let keys = try run.stageKeys([key("a")])
    let error = #expect(throws: ArchiveError.self) {
      try run.publish(RunScript().commit(parts, keys: keys, quarantine: quarantine))
    }
    #expect(error?.kind == .unfinished)
    #expect(tables == [])
    try archive.close()
    #expect(try self.run(["a"]) == nil)
    #expect(tables == [KeyTableTests.path(try #require(keys))])
  }

  /// Nothing that readers of parts look for finds it.
  @Test func noGlobForPartsFindsIt() throws {
    try run(["a"])
    let table = try #require(tables.first)
    #expect(!table.hasSuffix(".gz") && table.hasPrefix("_trailmill/"))
  }
}
