package import Archive
package import Bytes
import Crypto
package import Disk
package import History
import Foundation
import TestSupport
import Trail

/// A small run, always the same: by default three parts in two folders, and a quarantine.
package struct RunScript: Sendable {
  /// A part: plain text, which readers take as they take gzip.
  package struct Part: Sendable {
    package var folder: String
    /// Nil for one line that tells its number.
    package var lines: [String]?
    package var first = "2026-11-20T01:00:00Z"
    package var last = "2026-11-20T01:59:59.5Z"

    package init(_ folder: String, _ lines: [String]? = nil) {
      self.folder = folder
      self.lines = lines
    }
  }

  package var inputs = [
    RecordedInput(
      name: "deliveries/1.ndjson", bytes: 900, sha256: digest("input"), records: 5, pending: 12)
  ]
  package var parts = ["b/hour=02", "a/hour=01", "b/hour=02"].map { Part($0) }
  package var hasQuarantine = true
  /// Whether each run refers to a key that none before did.
  package var hasKeys = false
  /// Whether each run keeps a digest of a delivery.
  package var hasDigests = false
  package var clock = "2026-11-20T03:00:00Z"
  /// Part of every record, so that the files of two runs differ.
  package var salt = ""
  package var signer: ManifestSigner?

  package init(hasKeys: Bool = false, hasQuarantine: Bool = true) {
    self.hasKeys = hasKeys
    self.hasQuarantine = hasQuarantine
  }

  package init(inputs: [RecordedInput], hasKeys: Bool = false) {
    self.init(hasKeys: hasKeys)
    self.inputs = inputs
  }

  package init(parts: [Part], hasQuarantine: Bool = true) {
    self.init(hasQuarantine: hasQuarantine)
    self.parts = parts
  }

  /// With a part of one line in each folder.
  package init(folders: [String]) { self.init(parts: folders.map { Part($0) }) }

  package static func digest(_ text: String) -> Digest256 {
    withBytes(text) { SHA256.digest($0) }
  }

  package var facts: RunFacts {
    get throws {
      let started = try timestamp(clock)
      return RunFacts(
        definition: FileFacts(
          path: "pipelines/nightly.json5", bytes: 40, sha256: RunScript.digest("definition")),
        plan: RunScript.digest("plan"), window: TimeWindow(since: time("2026-11-01T00:00:00Z")),
        inputs: inputs,
        tables: [FileFacts(path: "keys.json", bytes: 7, sha256: RunScript.digest("keys"))],
        counts: RunCounts(read: 5, written: 3, filtered: 1, unreadable: 1),
        clock: RunClock(started: started, finished: started), tool: "0.1.0")
    }
  }

  /// Writes parts and quarantine into staging.
  package func stage(_ run: StagedRun, _ disk: Disk) throws -> ([StagedPart], StagedFile?) {
    var staged: [StagedPart] = []
    for (index, part) in parts.enumerated() {
      let lines = part.lines ?? ["{\"part\":\(index)\(salt)}"]
      let text = lines.map { $0 + "\n" }.joined()
      try write(text, run.partPath(index: index), 0o644, disk)
      var tree = MerkleAccumulator()
      for line in lines { withBytes(line) { tree.append(leaf: $0) } }
      staged.append(
        StagedPart(
          index: index, folder: part.folder, bytes: Int64(text.utf8.count),
          sha256: RunScript.digest(text), merkleRoot: tree.root, records: lines.count,
          firstTime: time(part.first), lastTime: time(part.last)))
    }
    guard hasQuarantine else { return (staged, nil) }
    let rejects = "rejects" + salt
    try write(rejects, run.path(of: .quarantine), 0o600, disk)
    let quarantine = StagedFile(
      bytes: Int64(rejects.utf8.count), sha256: RunScript.digest(rejects), records: 1)
    return (staged, quarantine)
  }

  /// What the run commits.
  package func commit(
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
    try withBytes(text) { try file.write(all: $0) }
    try file.close()
  }

  /// Opens the archive, runs, and discards what could not be published.
  @discardableResult
  package func run(_ path: String, _ disk: Disk = Disk()) throws -> PublishedRun {
    let archive = try opened(path, disk)
    let run = try archive.beginRun()
    do {
      let (parts, quarantine) = try stage(run, disk)
      let key = ReferencedKey(text: Array("{\"id\":\"of run \(run.sequence)\"}".utf8))
      let keys = try run.stageKeys(hasKeys ? [key] : [])
      var commit = try commit(parts, keys: keys, quarantine: quarantine)
      if hasDigests {
        let digests = DeliveryDigests(run, DigestSharing(rule: nil))
        try digests.add(RunScript.digest("delivery of run \(run.sequence)"), on: nil)
        let made = try digests.finish()
        commit.digests = made.files
        commit.retired += made.merged
      }
      return try run.publish(commit, signer: signer)
    } catch {
      try? run.discard()
      throw error
    }
  }
}

/// Opens an archive. Processes that other tests start hold its lock for the moment between fork and exec,
/// so one that seems to be in use is tried again.
package func opened(_ path: String, _ disk: Disk = Disk()) throws -> ArchiveDirectory {
  var attempts = 0
  while true {
    let attempt = Result { try ArchiveDirectory(disk: disk, path: path) }
    attempts += 1
    if case .failure(let error) = attempt, (error as? ArchiveError)?.kind == .inUse,
      attempts < 100
    {
      Thread.sleep(forTimeInterval: 0.02)
    } else {
      return try attempt.get()
    }
  }
}

/// A test asks for something that is not there.
struct Unfit: Error { let text: String }

func timestamp(_ text: String) throws -> Timestamp {
  guard let time = time(text) else { throw Unfit(text: text) }
  return time
}
