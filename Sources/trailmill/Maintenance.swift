internal import History
internal import Archive
internal import Bytes
internal import Disk
internal import Pipeline
internal import Engine
internal import Settings

/// What commands that maintain an archive have in common: each is one commit.
enum Maintenance {
  static let reasonOption = OptionSyntax(
    name: "reason", value: "TEXT", summary: "why, for the manifest")
  static let dryRunOption = OptionSyntax(
    name: "dry-run", summary: "say what would be done, and do nothing")
  static let graceOption = OptionSyntax(
    name: "grace", value: "DURATION",
    summary: "remove files that were retired longer ago than this; default: 1d")

  /// A duration such as `1d` or `0s`, in microseconds.
  static func grace(_ arguments: CommandArguments) throws -> Int64 {
    guard let text = arguments.value("grace") else { return 86_400_000_000 }
    guard let seconds = Units.seconds(text) else {
      throw UsageError("--grace must be a duration such as 12h or 7d, found \"\(text)\"")
    }
    let (microseconds, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000)
    return overflow ? .max : microseconds
  }

  /// Facts of a commit that starts now.
  static func facts(
    _ kind: CommitKind, _ arguments: CommandArguments
  ) throws -> RunFacts {
    let now = try RunEnvironment.now()
    return RunFacts(
      kind: kind, reason: arguments.value("reason"),
      clock: RunClock(started: now, finished: now), tool: "trailmill \(Commands.version)")
  }

  /// Removes files that were retired more than `grace` microseconds ago, and says how many.
  static func sweep(_ archive: ArchiveDirectory, grace: Int64) throws -> Int {
    let limit = try RunEnvironment.now().microseconds.subtractingReportingOverflow(grace)
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

  /// `3 parts`
  static func count(_ number: Int, _ noun: String) -> String {
    "\(Figures.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
