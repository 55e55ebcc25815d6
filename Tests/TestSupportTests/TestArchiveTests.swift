import Archive
import Bytes
import Disk
import History
import JSONText
import TestArchives
import TestSupport
import Testing
import Trail

@Suite struct TestArchiveTests {
  @Test func equalScriptsMakeEqualArchives() throws {
    let folder = try TemporaryFolder()
    for name in ["one", "other"] { try RunScript(hasKeys: true).run(folder(name)) }
    #expect(folder.files(below: "one") == folder.files(below: "other"))
    #expect(folder.files(below: "one").keys.filter { $0.hasSuffix(".ndjson.gz") }.count == 3)
  }

  @Test func linesAndTimesAreThoseThatWereGiven() throws {
    let archive = try TestArchive(signed: true)
    let run = try archive.commit(
      [["{\"a\":1}", "{\"a\":2}"]], first: "2026-01-01T00:00:00Z", last: "2026-01-02T00:00:00Z")
    #expect(archive.read(run.paths[0]) == Array("{\"a\":1}\n{\"a\":2}\n".utf8))
    let part = try #require(try archive.files.all(.part).first)
    #expect(part.row.records == 2 && part.row.firstTime == time("2026-01-01T00:00:00Z"))
    #expect(part.row.lastTime == time("2026-01-02T00:00:00Z"))
    #expect(!archive.read("_trailmill/manifests/000000000001.sig").isEmpty)
  }

  @Test func eventsAreIndexedAndSayTheirTimes() throws {
    let archive = try TestArchive()
    let lines = [#"{"t":"2026-01-01T10:00:00Z"}"#, #"{"t":"2026-01-01T09:00:00Z"}"#]
    try archive.commit(events: [("x", lines)], [.time: [try JSONPointer("/t")]])
    let files = try archive.files
    #expect(files.all(.index).count == 1)
    let part = try #require(files.all(.part).first)
    #expect(part.row.firstTime == time("2026-01-01T09:00:00Z"))
    #expect(part.row.lastTime == time("2026-01-01T10:00:00Z"))
    var found: [String] = []
    try archive.history.forEachLine(of: part) { found.append(text($0)) }
    #expect(found == lines)
  }

  @Test func whatIsAlteredCanBeRestored() throws {
    let archive = try TestArchive()
    let path = try archive.commit([["{\"a\":1}"]]).paths[0]
    try archive.restoring([path]) {
      try archive.alter("-0000.ndjson.gz", "1", "2")
      #expect(archive.read(path) == Array("{\"a\":2}\n".utf8))
      try archive.remove(path)
      #expect(archive.read(path).isEmpty)
    }
    #expect(archive.read(path) == Array("{\"a\":1}\n".utf8))
  }
}
