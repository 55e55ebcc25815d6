internal import Archive
internal import Bytes
internal import CommandLine
internal import Disk
internal import History
internal import Pipeline
internal import Terminal

/// What commands that maintain an archive have in common: each is one commit.
enum Maintenance {
  /// Options that all of them have behind their own.
  static let options: [any AnyOption] =
    [SharedOptions.reason, SharedOptions.dryRun] + MaintenanceOptions.evidence

  /// Facts of a commit that starts now.
  static func facts(_ kind: CommitKind, _ options: MaintenanceOptions) throws -> RunFacts {
    let now = try RunEnvironment.now()
    return RunFacts(
      kind: kind, reason: options.reason, clock: RunClock(started: now, finished: now),
      tool: Tool.nameAndVersion)
  }

  /// What somebody is told whose commits could not be witnessed.
  static func unwitnessed(_ reason: String, isPublished: Bool) -> String {
    "\(isPublished ? "published, not witnessed" : "not witnessed"): \(reason)"
  }
}

/// An archive that a command maintains: held by this process alone, and what its commits are signed and
/// witnessed with.
struct MaintainedArchive {
  let archive: ArchiveDirectory
  private let options: MaintenanceOptions
  private let signer: ManifestSigner?
  private let witness: ArchiveWitness?

  /// Takes the lock, and holds the archive against its witness. With `isRehearsal` nothing is witnessed.
  init(_ options: MaintenanceOptions, isRehearsal: Bool = false) throws {
    let disk = Disk()
    self.options = options
    signer = try options.signing.signer(disk)
    let archive = try ArchiveDirectory(disk: disk, path: options.archive, mustExist: true)
    self.archive = archive
    // Without a key there may be nothing to commit: that is found out later.
    if signer != nil { try options.signing.require(archive, signer) }
    witness = try options.witness.map { folder in
      try OutputPlace.check(witness: folder, disk)
      return try ArchiveWitness(disk, folder: folder, of: archive)
    }
    if !isRehearsal { witness?.fill(signer) }
  }

  /// Removes files that were retired longer ago than `grace`, and says how many.
  func sweep(grace: TimeSpan) throws -> Int {
    let limit = try RunEnvironment.now().microseconds.subtractingReportingOverflow(
      grace.microseconds)
    guard !limit.overflow, let time = Timestamp(microseconds: limit.partialValue) else { return 0 }
    return try archive.removeFormer(LiveFiles(archive.manifests), retiredBy: time)
  }

  /// Commits what `stage` has put together.
  func commit(
    _ kind: CommitKind, _ stage: (StagedRun, inout Commit) throws -> Void
  ) throws -> PublishedRun {
    let facts = try Maintenance.facts(kind, options)
    try options.signing.require(archive, signer)
    let run = try archive.beginRun()
    var commit = Commit(facts)
    do {
      try stage(run, &commit)
      commit.facts.clock.finished = try RunEnvironment.now()
      let published = try run.publish(commit, signer: signer)
      witness?.witness(published, signer)
      return published
    } catch {
      _ = try? run.discard()
      throw error
    }
  }

  /// Says what somebody should know of the witness, and how the command ends. `isPublished` tells whether
  /// it has committed anything.
  func end(isPublished: Bool) -> ExitCode {
    for notice in witness?.notices ?? [] { Console.message("note: \(notice)") }
    guard let reason = witness?.failure else { return .success }
    Console.message(Maintenance.unwitnessed(reason, isPublished: isPublished))
    return .fault
  }
}
