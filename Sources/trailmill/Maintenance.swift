internal import Archive
internal import Bytes
internal import CommandLine
internal import Disk
internal import History
internal import Pipeline

/// What commands that maintain an archive have in common: each is one commit.
enum Maintenance {
  /// Options that all of them have behind their own.
  static let options: [any AnyOption] = [SharedOptions.reason, SharedOptions.dryRun]

  /// Facts of a commit that starts now.
  static func facts(_ kind: CommitKind, _ options: MaintenanceOptions) throws -> RunFacts {
    let now = try RunEnvironment.now()
    return RunFacts(
      kind: kind, reason: options.reason, clock: RunClock(started: now, finished: now),
      tool: Tool.nameAndVersion)
  }

  /// Removes files that were retired longer ago than `grace`, and says how many.
  static func sweep(_ archive: ArchiveDirectory, grace: TimeSpan) throws -> Int {
    let limit = try RunEnvironment.now().microseconds.subtractingReportingOverflow(
      grace.microseconds)
    guard !limit.overflow, let time = Timestamp(microseconds: limit.partialValue) else { return 0 }
    return try archive.removeFormer(LiveFiles(archive.manifests), retiredBy: time)
  }

  /// Commits what `stage` has put together.
  static func commit(
    _ archive: ArchiveDirectory, _ facts: RunFacts, signer: ManifestSigner?,
    _ stage: (StagedRun, inout Commit) throws -> Void
  ) throws -> PublishedRun {
    if signer == nil { try SigningContinuity.require(archive) }
    let run = try archive.beginRun()
    var commit = Commit(facts)
    do {
      try stage(run, &commit)
      commit.facts.clock.finished = try RunEnvironment.now()
      return try run.publish(commit, signer: signer)
    } catch {
      _ = try? run.discard()
      throw error
    }
  }
}
