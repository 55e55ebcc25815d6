internal import Bytes
internal import Archive
internal import Definition
internal import Disk
package import Engine
package import History
internal import Output
package import Stages
internal import Trail

/// Partitions, manifest, quarantine.
package struct ArchiveOutlet: Outlet {
  private let held: HeldArchive
  private let parts: ArchiveSink
  private let memory: ArchiveMemory?
  private let desk: SignalDesk?
  private let isRehearsal: Bool
  /// Retires what the run replaces; nil if it only adds.
  private let replacement: WindowReplacement?
  /// What retires because the run reads it again.
  private let retried: [RetiredFile]

  /// An outlet of a run that is begun in `held`. `memory` is what `deduplicate` asks, if there is such a
  /// stage, and `desk` what `flag_signals` does.
  init(
    _ disk: Disk, _ held: HeldArchive, _ sink: PartSettings, rows: RejectRows,
    memory: ArchiveMemory?, desk: SignalDesk?, isRehearsal: Bool,
    replacement: WindowReplacement? = nil, retried: [RetiredFile] = []
  ) throws {
    self.held = held
    self.memory = memory
    self.desk = desk
    self.isRehearsal = isRehearsal
    self.replacement = replacement
    self.retried = retried
    parts = try ArchiveSink(disk, run: held.run, sink, rows: rows)
  }

  package var sink: any Sink { parts }
  package var place: String { held.archive.path }
  package var bytesGone: Int { 0 }
  package var keepsKeyTable: Bool { true }
  package var interrupted: String { "nothing was published in \(place)" }

  package func publish(_ facts: RunFacts, _ results: StageResults) throws -> PublishResult {
    let staged = try parts.finish()
    var commit = Commit(facts)
    commit.parts = staged.parts
    commit.files = staged.files
    try replacement?.complete(&commit, held)
    commit.retired += retried
    if commit.facts.counts.read == 0 && commit.retired.isEmpty && !held.output.heartbeat {
      try held.run.discard()
      try desk?.deliver(nil)
      try held.archive.close()
      return result(.nothingNew)
    }
    commit.files[.keys] = try held.run.stageKeys(results.usedKeys)
    if let digests = try memory?.finish() {
      commit.digests = digests.files
      commit.retired += digests.merged
    }
    try desk?.complete(&commit)
    let published = try held.run.publish(commit, signer: held.signer)
    held.witness?.witness(published, held.signer)
    try desk?.deliver(published.files[.signals].map { place + "/" + $0 })
    do { try held.archive.close() } catch {
      throw ArchiveError(
        .fault,
        "\(error): run \(published.runName) is committed and published: nothing is left to do")
    }
    var result = result(.published)
    result.parts = published.parts
    result.bytes = ArchiveOutlet.bytes(commit.parts)
    result.newKeys = commit.files[.keys]?.records ?? 0
    result.retired = commit.retired.filter(\.isPart).count
    result.run = published.runName
    result.notices += staged.notices
    return result
  }

  package func abandon(keepingQuarantine: Bool) throws -> String? {
    desk?.discard()
    var kept: String?
    if keepingQuarantine, let quarantine = try parts.finish().files[.quarantine] {
      kept = try held.run.keepAsFailed(quarantine)
    }
    try held.release(removesFolders: isRehearsal)
    return kept
  }

  package func leave() throws -> PublishResult {
    _ = try abandon(keepingQuarantine: false)
    return result(.nothingNew)
  }

  package func rehearse() throws -> PublishResult {
    let staged = try parts.finish()
    try held.release(removesFolders: isRehearsal)
    var result = result(.dryRun)
    result.parts = staged.parts.count
    result.bytes = ArchiveOutlet.bytes(staged.parts)
    result.notices += staged.notices
    return result
  }

  /// What is so however the run ends.
  private func result(_ ending: PublishResult.Ending) -> PublishResult {
    var result = PublishResult(ending: ending)
    result.head = held.archive.head?.digest.hex
    result.unwitnessed = held.witness?.failure
    result.notices = held.witness?.notices ?? []
    return result
  }

  private static func bytes(_ parts: [StagedPart]) -> Int {
    parts.reduce(0) { $0 + Int($1.bytes) }
  }
}
