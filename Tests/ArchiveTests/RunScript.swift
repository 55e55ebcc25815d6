import Crypto
import History
import Archive
import Bytes
import Disk
import Foundation
import Testing
import Trail

/// A small run, always the same: three parts in two folders and a quarantine.
struct RunScript {
  var inputs = [
    RecordedInput(
      name: "deliveries/1.ndjson", bytes: 900, sha256: digest("input"), records: 5,
      pending: 12)
  ]
  var parts = ["b/hour=02", "a/hour=01", "b/hour=02"]
  var hasQuarantine = true
  /// Whether each run refers to a key that none before did.
  var hasKeys = false
  var clock = "2026-11-20T03:00:00Z"
  /// Part of every record, so that the files of two runs differ.
  var salt = ""
  /// Whether each run keeps a digest of a delivery.
  var hasDigests = false
  var signer: ManifestSigner?

  static func digest(_ text: String) -> Digest256 {
    Array(text.utf8).withUnsafeBufferPointer { SHA256.digest($0) }
  }

  var facts: RunFacts {
    get throws {
      let started = try #require(time(clock))
      return RunFacts(
        definition: FileFacts(
          path: "pipelines/nightly.json5", bytes: 40, sha256: RunScript.digest("definition")),
        plan: RunScript.digest("plan"), since: time("2026-11-01T00:00:00Z"), inputs: inputs,
        tables: [FileFacts(path: "keys.json", bytes: 7, sha256: RunScript.digest("keys"))],
        counts: RunCounts(read: 5, written: 3, filtered: 1, unreadable: 1),
        clock: RunClock(started: started, finished: started), tool: "0.1.0")
    }
  }

  func stage(_ run: StagedRun, _ disk: Disk) throws -> ([StagedPart], StagedFile?) {
    var staged: [StagedPart] = []
    for (index, folder) in parts.enumerated() {
      let text = "{\"part\":\(index)\(salt)}"
      try write(text + "\n", run.partPath(index: index), 0o644, disk)
      var tree = MerkleAccumulator()
      Array(text.utf8).withUnsafeBufferPointer { tree.append(leaf: $0) }
      staged.append(
        StagedPart(
          index: index, folder: folder, bytes: Int64(text.utf8.count + 1),
          sha256: RunScript.digest(text + "\n"), merkleRoot: tree.root, records: 1,
          firstTime: time("2026-11-20T01:00:00Z"), lastTime: time("2026-11-20T01:59:59.5Z")))
    }
    guard hasQuarantine else { return (staged, nil) }
    let rejects = "rejects" + salt
    try write(rejects, run.path(of: .quarantine), 0o600, disk)
    let quarantine = StagedFile(
      bytes: Int64(rejects.utf8.count), sha256: RunScript.digest(rejects), records: 1)
    return (staged, quarantine)
  }

  /// What the run commits.
  func commit(
    _ parts: [StagedPart], keys: StagedFile? = nil, quarantine: StagedFile?
  ) throws -> Commit {
    var commit = Commit(try facts)
    commit.parts = parts
    commit.files[.keys] = keys
    commit.files[.quarantine] = quarantine
    return commit
  }

  private func write(_ text: String, _ path: String, _ mode: UInt32, _ disk: Disk) throws {
    let file = try disk.createExclusive(path, mode: mode)
    try Array(text.utf8).withUnsafeBufferPointer { try file.write(all: $0) }
    try file.close()
  }

  /// Opens the archive, runs, and discards what could not be published.
  @discardableResult
  func run(_ path: String, _ disk: Disk = Disk()) throws -> PublishedRun {
    let archive = try opened(path, disk)
    let run = try archive.beginRun()
    do {
      let (parts, quarantine) = try stage(run, disk)
      let key = ReferencedKey(text: Array("{\"id\":\"of run \(run.sequence)\"}".utf8))
      let keys = try run.stageKeys(hasKeys ? [key] : [])
      var commit = try commit(parts, keys: keys, quarantine: quarantine)
      if hasDigests {
        let digests = try DeliveryDigests(run)
        try digests.add(RunScript.digest("delivery of run \(run.sequence)"))
        let made = try digests.finish()
        commit.files[.digests] = made?.file
        commit.retired += made?.merged ?? []
      }
      return try run.publish(commit, signer: signer)
    } catch {
      try? run.discard()
      throw error
    }
  }
}
