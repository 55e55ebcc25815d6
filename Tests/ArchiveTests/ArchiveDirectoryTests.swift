import History
import Archive
import Bytes
import Disk
import Foundation
import Synchronization
import TestSupport
import TestArchives
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Counts system calls and lets them fail from one on.
private final class Faults: Sendable {
  private let calls = Mutex<[DiskCall]>([])
  private let failing: @Sendable (Int) -> Bool

  init(where failing: @escaping @Sendable (Int) -> Bool = { _ in false }) {
    self.failing = failing
  }

  var disk: Disk {
    Disk { call, _ in
      let index = self.calls.withLock {
        $0.append(call)
        return $0.count - 1
      }
      return self.failing(index) ? .fail(EIO) : nil
    }
  }

  var seen: [DiskCall] { calls.withLock { $0 } }
}

struct ArchiveDirectoryTests {
  let folder: TemporaryFolder
  var path: String { folder.path + "/archive" }

  init() throws { folder = try TemporaryFolder() }

  @Test func aSecondRunIsTurnedAway() throws {
    let first = try ArchiveDirectory(disk: Disk(), path: path)
    let error = #expect(throws: ArchiveError.self) {
      try ArchiveDirectory(disk: Disk(), path: path)
    }
    #expect(error?.kind == .inUse)
    #expect(error?.description.contains(path) == true)
    try first.close()
    _ = try ArchiveDirectory(disk: Disk(), path: path)
  }

  /// One call fails, at each point in turn; then the run is repeated if nothing was published.
  @Test(arguments: [false, true])
  func whateverCallFailsTheArchiveIsWholeAfterTheNextRun(_ hasKeys: Bool) throws {
    try compareAllPoints(RunScript(hasKeys: hasKeys), isAlive: true) { point in { $0 == point } }
  }

  /// As if the process had died: from one call on, nothing is done any more.
  @Test(arguments: [false, true])
  func whereverARunDiesTheArchiveIsWholeAfterTheNextRun(_ hasKeys: Bool) throws {
    try compareAllPoints(RunScript(hasKeys: hasKeys), isAlive: false) { point in { $0 >= point } }
  }

  private func compareAllPoints(
    _ script: RunScript, isAlive: Bool, _ failing: (Int) -> @Sendable (Int) -> Bool
  ) throws {
    let undisturbed = folder.path + "/undisturbed"
    try script.run(undisturbed)
    let before = folder.files(below: "undisturbed")
    let counting = Faults()
    let second = try script.run(undisturbed, counting.disk)
    let after = folder.files(below: "undisturbed")
    var kinds: Set<String> = []
    for point in 0..<counting.seen.count {
      let name = "disturbed-\(point)"
      try script.run(folder.path + "/" + name)
      #expect(folder.files(below: name) == before)
      let kind = outcome(script, name, Faults(where: failing(point)).disk)
      kinds.insert(kind)
      if isAlive && kind == "fault" {
        let left = folder.files(below: name).filter { !$0.key.hasPrefix("_trailmill/staging/") }
        #expect(left == before, "point \(point)")
      }
      let reopened = try ArchiveDirectory(disk: Disk(), path: folder.path + "/" + name)
      let isCommitted = reopened.head?.sequence == 2
      let found = folder.files(below: name)
      #expect(found == (isCommitted ? after : before), "point \(point): \(kind)")
      if kind == "fault" { #expect(!isCommitted, "point \(point)") }
      if isAlive && kind == "unfinished" { #expect(isCommitted, "point \(point)") }
      if kind == "published" { #expect(isCommitted, "point \(point)") }
      #expect(try Disk().list(folder.path + "/\(name)/_trailmill/staging") == [])
      try reopened.close()
      if !isCommitted {
        #expect(try script.run(folder.path + "/" + name) == second)
        #expect(folder.files(below: name) == after, "point \(point)")
      }
      try Disk().removeTree(folder.path + "/" + name)
    }
    #expect(kinds.isSuperset(of: ["fault", "unfinished"]))
  }

  /// How a run ends. What tests wrote themselves counts as a fault of the run's.
  private func outcome(_ script: RunScript, _ name: String, _ disk: Disk) -> String {
    do {
      try script.run(folder.path + "/" + name, disk)
      return "published"
    } catch let error as ArchiveError {
      return "\(error.kind)"
    } catch {
      return "fault"
    }
  }

  @Test func aRenameThatFailedAfterItWasDoneIsACommit() throws {
    let path = path
    let header = path + "/_trailmill/manifests/000000000001.json"
    let staged = path + "/_trailmill/staging/000000000001/header"
    let disk = Disk { call, target in
      guard call == .rename, target == header else { return nil }
      return rename(staged, header) == 0 ? .fail(EIO) : nil
    }
    let error = #expect(throws: ArchiveError.self) { try RunScript().run(path, disk) }
    #expect(error?.kind == .unfinished)
    _ = try ArchiveDirectory(disk: Disk(), path: path)
    try RunScript().run(folder.path + "/undisturbed")
    #expect(folder.files(below: "archive") == folder.files(below: "undisturbed"))
  }

  /// Few files are synced one by one, many with one call for all of them.
  @Test(arguments: [3, 40])
  func nothingHasItsNameBeforeItIsSynced(_ parts: Int) throws {
    let script = RunScript(folders: (0..<parts).map { "a/hour=\($0)" })
    try script.run(path)
    let trace = Mutex<[(call: DiskCall, path: String)]>([])
    try script.run(
      path,
      Disk { call, path in
        trace.withLock { $0.append((call, path)) }
        return nil
      })
    let calls = trace.withLock { $0 }
    // Without that of the folder in staging, in which everything is written.
    let renames = calls.indices.filter { calls[$0].call == .rename }.dropFirst().map { $0 }
    let first = try #require(renames.first)
    #expect(renames.count == parts + 3)
    for written in Set(calls.filter { $0.call == .write }.map(\.path)) {
      let last = try #require(calls.lastIndex { $0.call == .write && $0.path == written })
      #expect(last < first, "\(written) is written after the first rename")
      #expect(isSynced(written, calls[last..<first]), "\(written) is not synced")
    }
    // The rows' name before the header's, the header's before any part's.
    let manifests = path + "/_trailmill/manifests"
    #expect(isSynced(manifests, calls[renames[0]..<renames[1]]))
    #expect(isSynced(manifests, calls[renames[1]..<renames[2]]))
    let lastRename = try #require(renames.last)
    let removal = try #require(calls[lastRename...].firstIndex { $0.call == .remove })
    for rename in renames[2...] {
      #expect(isSynced(parent(of: calls[rename].path), calls[lastRename..<removal]))
    }
  }

  /// A folder that is new has a name only when those above it were synced too, up to the one that holds the
  /// archive.
  @Test func newFoldersAreSyncedWithAllAboveThem() throws {
    let trace = Mutex<[(call: DiskCall, path: String)]>([])
    try RunScript(folders: ["a/b/c", "d"]).run(
      path,
      Disk { call, path in
        trace.withLock { $0.append((call, path)) }
        return nil
      })
    let calls = trace.withLock { $0 }
    let lastRename = try #require(calls.lastIndex { $0.call == .rename })
    let removal = try #require(calls[lastRename...].firstIndex { $0.call == .remove })
    let synced = calls[lastRename..<removal].filter { $0.call == .sync }.map(\.path)
    let places = ["/a/b/c", "/a/b", "/a", "/d", "/_trailmill/quarantine", "/_trailmill", ""]
    #expect(Set(synced) == Set(places.map { path + $0 } + [folder.path]))
    // And before anything gets a name in them, they have theirs.
    let firstPart = try #require(
      calls.firstIndex { $0.call == .rename && $0.path.contains("/part-") })
    for (place, holder) in [("/a/b/c", "/a/b"), ("/a/b", "/a"), ("/a", ""), ("/d", "")] {
      let made = try #require(
        calls.lastIndex { $0.call == .makeDirectory && $0.path == path + place })
      #expect(made < firstPart && isSynced(path + holder, calls[made..<firstPart]), "\(place)")
    }
    // The innermost first: a name is worth nothing before what it names.
    for (index, place) in synced.enumerated() {
      #expect(!synced[index...].dropFirst().contains { $0.hasPrefix(place + "/") }, "\(synced)")
    }
  }

  private func isSynced(
    _ path: String, _ calls: ArraySlice<(call: DiskCall, path: String)>
  ) -> Bool {
    calls.contains { $0.call == .syncFileSystem || $0.call == .sync && $0.path == path }
  }

  @Test func leftoversInStagingAreRemoved() throws {
    try RunScript().run(path)
    let before = folder.files(below: "archive")
    try Disk().makeDirectories(path + "/_trailmill/staging/000000000002/x")
    try Disk().makeDirectories(path + "/_trailmill/staging/rubbish")
    let rows = try Disk().createExclusive(path + "/_trailmill/manifests/000000000002.ndjson")
    try rows.close()
    _ = try ArchiveDirectory(disk: Disk(), path: path)
    #expect(folder.files(below: "archive") == before)
    #expect(try Disk().list(path + "/_trailmill/staging") == [])
  }

  @Test func aManifestThatIsNoneIsDamage() throws {
    try RunScript().run(path)
    let header = path + "/_trailmill/manifests/000000000001.json"
    let good = try #require(FileManager.default.contents(atPath: header))
    let texts: [Data] = [
      Data(), Data("{}".utf8), good.dropLast(4), Data("[1]".utf8),
      Data(
        String(decoding: good, as: UTF8.self).replacing("\"sequence\":1", with: "\"sequence\":2")
          .utf8),
    ]
    for text in texts {
      try text.write(to: URL(fileURLWithPath: header))
      let error = #expect(throws: ArchiveError.self) {
        try ArchiveDirectory(disk: Disk(), path: path)
      }
      #expect(error?.kind == .damaged && error?.description.contains(header) == true)
    }
  }

  @Test(arguments: ["../../escaped", "/tmp/escaped", "a/../../x", "a//b"])
  func rowsThatWereAlteredMoveNothing(target: String) throws {
    // A run that is committed and not finished: everything after the header's rename fails.
    let counting = Faults()
    try RunScript().run(folder.path + "/count", counting.disk)
    let renames = counting.seen.indices.filter { counting.seen[$0] == .rename }
    // That of the folder in staging, of the rows, of the header.
    let committed = renames[2]
    #expect(throws: ArchiveError.self) {
      try RunScript().run(path, Faults { $0 > committed }.disk)
    }
    let rows = path + "/_trailmill/manifests/000000000001.ndjson"
    let text = try String(contentsOfFile: rows, encoding: .utf8)
    let altered = text.replacing(/"path":"a[^"]*"/, with: "\"path\":\"\(target)\"")
    #expect(altered != text)
    try altered.write(toFile: rows, atomically: true, encoding: .utf8)
    let error = #expect(throws: ArchiveError.self) {
      try ArchiveDirectory(disk: Disk(), path: path)
    }
    #expect(error?.kind == .damaged)
    try text.write(toFile: rows, atomically: true, encoding: .utf8)
    _ = try ArchiveDirectory(disk: Disk(), path: path)
    let files = folder.files(below: "archive").filter { !$0.key.hasPrefix("_trailmill/lock") }
    #expect(files == folder.files(below: "count").filter { !$0.key.hasPrefix("_trailmill/lock") })
  }

  @Test func aLongHistoryOpensWithoutBeingRead() throws {
    for _ in 0..<70 { try RunScript().run(path) }
    let counting = Faults()
    let archive = try ArchiveDirectory(disk: counting.disk, path: path)
    #expect(archive.head?.sequence == 70)
    // The newest header, the checkpoint of commit 64, and header and rows of 64 to 70.
    #expect(counting.seen.filter { $0 == .open }.count <= 2 + 2 * 7)
  }
}
