import Crypto
import History
import Archive
import Bytes
import Disk
import Foundation
import Synchronization
import TestSupport
import TestArchives
import Testing

struct StagedRunTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/archive" }

  init() throws { folder = try TemporaryFolder() }

  private func json(_ bytes: [UInt8]?) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(try #require(bytes)))
    return try #require(object as? [String: Any])
  }

  @Test func aRunLeavesPartsManifestAndQuarantine() throws {
    let published = try RunScript().run(path)
    let name = published.runName
    #expect(published.sequence == 1 && published.parts == 3)
    #expect(name.wholeMatch(of: /000000000001-[0-9a-f]{8}/) != nil)
    let expected = [
      "a/hour=01/part-\(name)-0000.ndjson.gz", "b/hour=02/part-\(name)-0000.ndjson.gz",
      "b/hour=02/part-\(name)-0001.ndjson.gz",
    ]
    #expect(published.paths == expected)
    let files = folder.files(below: "archive")
    #expect(
      Set(files.keys)
        == Set(
          expected + [
            "_trailmill/lock", "_trailmill/manifests/000000000001.json",
            "_trailmill/manifests/000000000001.ndjson", "_trailmill/quarantine/\(name).rejects.gz",
          ]))
    #expect(files[expected[0]] == Array("{\"part\":1}\n".utf8))
    #expect(files[expected[1]] == Array("{\"part\":0}\n".utf8))
    #expect(files[expected[2]] == Array("{\"part\":2}\n".utf8))
    #expect(try folder.mode("archive/_trailmill/quarantine/\(name).rejects.gz") == 0o600)
    #expect(try folder.mode("archive/" + expected[0]) == 0o644)
    #expect(try folder.mode("archive/a/hour=01") == 0o755)
  }

  @Test func theHeaderCoversTheRows() throws {
    let published = try RunScript().run(path)
    let files = folder.files(below: "archive/_trailmill/manifests")
    let bytes = try #require(files["000000000001.json"])
    #expect(bytes.withUnsafeBufferPointer { SHA256.digest($0) } == published.head)
    let header = try json(bytes)
    let rows = try #require(files["000000000001.ndjson"]).split(separator: 0x0A)
    var tree = MerkleAccumulator()
    for row in rows { row.withUnsafeBufferPointer { tree.append(leaf: $0) } }
    #expect(header["rows_root"] as? String == tree.root.hex)
    #expect(header["rows"] as? Int == rows.count)
    #expect(header["previous"] is NSNull)
    #expect(header["run"] as? String == published.runName)
    #expect(header["history_root"] as? String == MerkleAccumulator().root.hex)
    #expect(header["definition"] as? String == RunScript.digest("definition").hex)
    #expect(header["plan"] as? String == RunScript.digest("plan").hex)
    let counts = try #require(header["counts"] as? [String: Int])
    #expect(
      counts == [
        "read": 5, "written": 3, "duplicates": 0, "filtered": 1, "unreadable": 1, "refused": 0,
        "quarantined": 1,
      ])
    let window = try #require(header["window"] as? [String: Any])
    #expect(window["since"] as? String == "2026-11-01T00:00:00Z" && window["until"] is NSNull)
    let clock = try #require(header["clock"] as? [String: String])
    #expect(clock["started"] == "2026-11-20T03:00:00Z")
  }

  @Test func theRowsTellWhatWentInAndOut() throws {
    let name = try RunScript().run(path).runName
    let text = folder.files(below: "archive")["_trailmill/manifests/000000000001.ndjson"]
    let rows = try #require(text).split(separator: 0x0A).map { try json(Array($0)) }
    let kinds = rows.map { $0["kind"] as? String }
    #expect(kinds == ["definition", "table", "input", "part", "part", "part", "quarantine"])
    let input = rows[2]
    #expect(input["name"] as? String == "deliveries/1.ndjson")
    #expect(input["sha256"] as? String == RunScript.digest("input").hex)
    #expect(input["pending"] as? Int == 12 && input["damage"] == nil)
    let part = rows[3]
    #expect(part["path"] as? String == "a/hour=01/part-\(name)-0000.ndjson.gz")
    #expect(part["staged"] as? String == "part-00000001")
    #expect(part["bytes"] as? Int == 11 && part["records"] as? Int == 1)
    #expect(part["sha256"] as? String == RunScript.digest("{\"part\":1}\n").hex)
    #expect(part["last_time"] as? String == "2026-11-20T01:59:59.500Z")
    #expect(rows[6]["path"] as? String == "_trailmill/quarantine/\(name).rejects.gz")
  }

  @Test func equalRunsLeaveEqualFilesButForTheClock() throws {
    try RunScript().run(path)
    try RunScript().run(folder.path + "/same")
    var script = RunScript()
    script.clock = "2027-01-01T00:00:00Z"
    try script.run(folder.path + "/later")
    let files = folder.files(below: "archive")
    #expect(files == folder.files(below: "same"))
    var later = folder.files(below: "later")
    let header = "_trailmill/manifests/000000000001.json"
    #expect(later.updateValue(try #require(files[header]), forKey: header) != files[header])
    #expect(later == files)
  }

  @Test func theHistoryOfManyRunsIsAChainAndATree() throws {
    var tree = MerkleAccumulator()
    var previous: Digest256?
    for sequence in 1...9 {
      let published = try RunScript().run(path)
      #expect(published.sequence == sequence)
      let file = "archive/_trailmill/manifests/00000000000\(sequence).json"
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + file)))
      let header = try json(bytes)
      #expect(header["previous"] as? String == previous?.hex)
      #expect(header["history_root"] as? String == tree.root.hex)
      #expect(header["history_nodes"] as? [String] == tree.subtrees.map(\.hex))
      bytes.withUnsafeBufferPointer { tree.append(leaf: $0) }
      previous = published.head
    }
    let names = folder.files(below: "archive").keys.filter { $0.hasSuffix(".ndjson.gz") }
    #expect(names.count == 27)
  }

  @Test func severalRunsOfOneProcessContinueTheChain() throws {
    let archive = try opened(path)
    #expect(archive.head == nil)
    for sequence in 1...3 {
      let run = try archive.beginRun()
      let (parts, quarantine) = try RunScript().stage(run, Disk())
      let published = try run.publish(
        RunScript().commit(parts, quarantine: quarantine))
      #expect(archive.head?.digest == published.head && archive.head?.sequence == sequence)
      try RunScript().run(folder.path + "/one by one")
    }
    #expect(folder.files(below: "archive") == folder.files(below: "one by one"))
  }

  @Test func aManifestWithoutPartsIsEvidenceThatARunWas() throws {
    let published = try RunScript(parts: [], hasQuarantine: false).run(path)
    #expect(published.parts == 0)
    #expect(folder.files(below: "archive").count == 3)
    #expect(try ArchiveDirectory(disk: Disk(), path: path).head?.digest == published.head)
  }

  @Test func theNameOfARunFollowsFromItsInputsAndTheHeadBefore() throws {
    let other = [RecordedInput(name: "x", bytes: 1, sha256: RunScript.digest("x"), records: 1)]
    let first = try RunScript().run(path).runName
    let second = try RunScript().run(path).runName
    let third = try RunScript(inputs: other).run(folder.path + "/other").runName
    #expect(Set([first, second, third].map { $0.suffix(8) }).count == 3)
  }

  @Test func partsInFoldersThatDifferInCaseAloneHaveDifferentNames() throws {
    let paths = try RunScript(folders: ["a/Prod", "a/prod", "a/Prod"]).run(path).paths
    #expect(Set(paths.map { $0.lowercased() }).count == 3)
  }

  @Test func partsComeInTheOrderOfTheirPaths() throws {
    let paths = try RunScript(folders: ["x=a", "x=b", "x=a%20", "x=a.b", "x=a"]).run(path).paths
    #expect(paths == paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(paths.map { $0.prefix { $0 != "/" } } == ["x=a%20", "x=a.b", "x=a", "x=a", "x=b"])
  }

  @Test func discardingLeavesTheArchiveAsItWas() throws {
    try RunScript().run(path)
    let before = folder.files(below: "archive")
    let archive = try opened(path)
    let run = try archive.beginRun()
    _ = try RunScript().stage(run, Disk())
    try run.discard()
    #expect(folder.files(below: "archive") == before)
    #expect(try Disk().list(path + "/_trailmill/staging") == [])
  }

  @Test func aDiscardedRunTakesNoMoreParts() throws {
    // What a worker does while another thread discards: a part before each removal.
    let path = path
    let late = Mutex(100)
    let disk = Disk { call, _ in
      guard call == .remove else { return nil }
      let number = late.withLock { number in
        number += 1
        return number
      }
      let part = path + "/_trailmill/staging/000000000001/part-\(number)"
      _ = FileManager.default.createFile(atPath: part, contents: nil)
      return nil
    }
    let archive = try opened(path, disk)
    let run = try archive.beginRun()
    _ = try RunScript().stage(run, disk)
    try run.discard()
    #expect(late.withLock { $0 } > 100)
    #expect(try Disk().list(path + "/_trailmill/staging") == [])
  }

  @Test func theQuarantineOfAFailedRunIsKept() throws {
    for _ in 0..<2 {
      let archive = try opened(path)
      let run = try archive.beginRun()
      let (_, quarantine) = try RunScript().stage(run, Disk())
      let kept = try run.keepAsFailed(try #require(quarantine))
      try run.discard()
      #expect(kept.hasPrefix(path + "/_trailmill/failed/000000000001-"))
      #expect(kept.hasSuffix(".rejects.gz"))
    }
    let files = folder.files(below: "archive")
    #expect(files.keys.filter { $0.hasPrefix("_trailmill/failed/") }.count == 1)
    let name = try #require(files.keys.first { $0.hasPrefix("_trailmill/failed/") })
    #expect(files[name] == Array("rejects".utf8))
    #expect(try folder.mode("archive/" + name) == 0o600)
  }
}
