internal import Archive
internal import Bytes
package import Definition
internal import Disk
internal import Engine
internal import History
internal import Intake
internal import Output
package import Settings
internal import Stages
internal import Trail

/// What `trailmill retry` was asked for: the quarantine of an archive, through a definition.
package struct RetryRequest: Sendable {
  let definition: PipelineDefinition
  let output: PipelineDefinition.ArchiveOutput
  /// Why, for the manifest.
  package var reason: String?
  package var isDryRun = false
  /// Workers.
  package var threads: Int

  /// A request for the archive at `path`. Throws where the definition writes none.
  package init(
    _ definition: PipelineDefinition, archive path: String, threads: Int
  ) throws(UsageError) {
    guard case .archive(var output) = definition.output else {
      throw UsageError(
        "the definition writes no archive: \(definition.file): name the one that filled it")
    }
    output.path = path
    self.definition = definition
    self.output = output
    self.threads = threads
  }

  /// Runs what was turned away again; merges what passes, and leaves the archive as it is where nothing does.
  package func run(_ environment: RunEnvironment) throws -> RunOutcome {
    let signer = try ManifestSigner(output, environment)
    let environment = environment.guarding(archive: output.path)
    let held = try HeldArchive(
      environment.disk, output, signer: signer, mustExist: true, isRehearsal: isDryRun)
    let run: PipelineRun
    do { run = try build(held, environment) } catch {
      try? held.release(removesFolders: false)
      throw error
    }
    return try run.go()
  }

  private func build(_ held: HeldArchive, _ environment: RunEnvironment) throws -> PipelineRun {
    let memory = ArchiveMemory(held.run, definition, replaces: false)
    let desk = SignalDesk(held.run, nil) { _ in ("", 0) }
    let plan = try definition.compile(
      layout: output.layout, isArchived: true, services: StageServices(environment, memory, desk))
    let files = try LiveFiles(held.archive.manifests).all(.quarantine)
    // Whatever lies there is not unpacked before it is known to be what was committed.
    for file in files { try held.archive.manifests.requireCommitted(file) }
    let source = QuarantineSource(
      disk: environment.disk, paths: files.map { held.archive.path + "/" + $0.row.path },
      settings: definition.input.settings)
    let outlet = try ArchiveOutlet(
      environment.disk, held, try PartSettings(plan, output, definition),
      rows: RejectRows(stepNames: plan.stepNames, inputName: { _ in "" }), memory: memory,
      desk: desk, isRehearsal: false, retried: files.compactMap { $0.retired(.retried) })
    let job = RetryJob(
      request: self, quarantine: source, files: files, archive: held.archive.path,
      tool: environment.tool)
    return PipelineRun(
      plan: plan, job: job, outlet: outlet, signals: definition.signals, threads: threads,
      environment: environment)
  }
}

/// Records out of an archive's quarantine.
private struct RetryJob: RunJob {
  let request: RetryRequest
  let quarantine: QuarantineSource
  let files: [LiveFile]
  let archive: String
  let tool: String

  var source: any Source { quarantine }
  var totalBytes: Int? { nil }
  var bytesRead: Int { quarantine.progress.bytesRead }

  func origin(_ input: Int) -> (file: String, recordsBefore: Int) { ("", 0) }

  func facts(_ tally: Tally, started: Timestamp, _ plan: CompiledPlan) throws -> RunFacts {
    try RunFacts(
      .retry, reason: request.reason, request.definition, plan, tally, started: started,
      tool: tool)
  }

  func verdict(_ tally: Tally, _ facts: RunFacts, _ plan: CompiledPlan) throws -> RunVerdict {
    guard zip(files, quarantine.facts).allSatisfy({ $0.row.sha256 == $1.digest }),
      quarantine.rowCount == Figures.sum(files.lazy.map(\.row.records))
    else {
      throw ArchiveError(
        .damaged,
        "the quarantine is not the one that was committed: run `trailmill verify \(archive)`")
    }
    if request.isDryRun { return .rehearse }
    // Rows that were split and turned away again are the rows that they were.
    return tally.quarantined == tally.read ? .leave : .publish
  }

  func describe(_ summary: inout RunSummary) {}
}
