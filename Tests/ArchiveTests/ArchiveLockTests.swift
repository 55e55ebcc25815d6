import Archive
import Disk
import Foundation
import History
import TestArchives
import TestSupport
import Testing

/// Somebody takes the lock away: no run goes over what another one does.
struct ArchiveLockTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/archive" }
  private var lock: String { path + "/_trailmill/lock" }

  init() throws { folder = try TemporaryFolder() }

  private func staged(_ archive: ArchiveDirectory) throws -> (run: StagedRun, commit: Commit) {
    let run = try archive.beginRun()
    let (parts, quarantine) = try RunScript().stage(run, Disk())
    return (run, try RunScript().commit(parts, quarantine: quarantine))
  }

  /// Whoever may only read cannot hold it, and keep every run away.
  @Test func theLockIsItsOwnersAlone() throws {
    let archive = try opened(path)
    let run = try archive.beginRun()
    for name in ["lock", "staging/000000000001/owner"] {
      #expect(try folder.mode("archive/_trailmill/" + name) == 0o600)
    }
    try run.discard()
    try archive.close()
  }

  @Test(arguments: [false, true]) func aRunWhoseLockIsGoneCommitsNothing(_ isReplaced: Bool) throws
  {
    try RunScript().run(path)
    let before = folder.files(below: "archive")
    let archive = try opened(path)
    let (run, commit) = try staged(archive)
    try Disk().remove(lock)
    if isReplaced { try Disk().createExclusive(lock).close() }
    let error = #expect(throws: ArchiveError.self) { try run.publish(commit) }
    #expect(
      error?.kind == .fault && error?.description.contains("was taken away or replaced") == true)
    try run.discard()
    try archive.close()
    var after = folder.files(below: "archive")
    after["_trailmill/lock"] = []
    #expect(after == before)
    #expect(try RunScript().run(path).sequence == 2)
  }

  /// It is taken away just before the header.
  @Test func theLockIsLookedAtAgainBeforeTheHeader() throws {
    let (path, lock) = (path, lock)
    let rows = path + "/_trailmill/manifests/000000000001.ndjson"
    let disk = Disk { call, target in
      if call == .rename, target == rows { _ = unlink(lock) }
      return nil
    }
    let error = #expect(throws: ArchiveError.self) { try RunScript().run(path, disk) }
    #expect(error?.kind == .fault && error?.description.contains("was taken away") == true)
    #expect(folder.files(below: "archive/_trailmill/manifests").isEmpty)
  }

  @Test func anotherRunThatIsAtWorkIsLeftAlone() throws {
    let first = try opened(path)
    let (run, _) = try staged(first)
    let before = folder.files(below: "archive/_trailmill/staging")
    try Disk().remove(lock)
    let error = #expect(throws: ArchiveError.self) {
      try ArchiveDirectory(disk: Disk(), path: path)
    }
    #expect(
      error?.kind == .inUse && error?.description.contains("whose lock was taken away") == true)
    #expect(folder.files(below: "archive/_trailmill/staging") == before)
    try run.discard()
    try first.close()
    #expect(try RunScript().run(path).sequence == 1)
  }

  /// Two that both hold a lock: one of them has its folder, and one its number.
  @Test func whatAnotherRunHasCommittedStays() throws {
    try RunScript(folders: ["z"]).run(folder.path + "/other")
    let other = folder.files(below: "other").filter { $0.key != "_trailmill/lock" }
    let archive = try opened(path)
    let (run, commit) = try staged(archive)
    for (name, bytes) in other { try folder.write("archive/" + name, bytes) }
    let error = #expect(throws: ArchiveError.self) { try run.publish(commit) }
    #expect(error?.kind == .fault && error?.description.contains("number 1 meanwhile") == true)
    try run.discard()
    try archive.close()
    #expect(folder.files(below: "archive").filter { $0.key != "_trailmill/lock" } == other)
  }

  @Test func twoRunsNeverShareAFolder() throws {
    let archive = try opened(path)
    try Disk().makeDirectories(path + "/_trailmill/staging/000000000001/x")
    let error = #expect(throws: ArchiveError.self) { try archive.beginRun() }
    #expect(error?.kind == .inUse)
    #expect(try Disk().list(path + "/_trailmill/staging") == ["000000000001"])
  }

  @Test func whereFilesHaveNoLastingNumbersNoRunBegins() throws {
    let lock = lock
    let disk = Disk { call, target in
      if call == .lock, target == lock { _ = unlink(lock) }
      return nil
    }
    let error = #expect(throws: ArchiveError.self) { try ArchiveDirectory(disk: disk, path: path) }
    #expect(error?.kind == .fault)
    #expect(error?.description.contains("another file each time that it is looked at") == true)
  }

  // MARK: What is completed

  @Test func whatIsNotOfACommitTakesNoPlaceInIt() throws {
    try RunScript().run(path)
    let before = folder.files(below: "archive")
    let texts: [String: [UInt8]] = [
      "part-00000000": [1], "part-00000001": Array("{\"part\":9}\n".utf8), "part-00000007": [2],
    ]
    for (name, text) in texts {
      try folder.write("archive/_trailmill/staging/000000000001/" + name, text)
    }
    try ArchiveDirectory(disk: Disk(), path: path).close()
    #expect(folder.files(below: "archive") == before)
  }

  @Test func whatIsAlteredBeforeItHasItsNameIsDamage() throws {
    let path = path
    let disk = Disk { call, target in
      call == .rename && target.contains("/part-") ? .fail(EIO) : nil
    }
    #expect(throws: ArchiveError.self) { try RunScript().run(path, disk) }
    let staged = "archive/_trailmill/staging/000000000001/part-00000001"
    let whole = try #require(
      folder.files(below: "archive")["_trailmill/staging/000000000001/part-00000001"])
    try folder.write(staged, Array("{\"part\":9}\n".utf8))
    let error = #expect(throws: ArchiveError.self) {
      try ArchiveDirectory(disk: Disk(), path: path)
    }
    #expect(
      error?.kind == .damaged
        && error?.description.contains("part-00000001 is not the file") == true)
    try folder.write(staged, whole)
    try ArchiveDirectory(disk: Disk(), path: path).close()
    try RunScript().run(folder.path + "/undisturbed")
    #expect(folder.files(below: "archive") == folder.files(below: "undisturbed"))
  }
}
