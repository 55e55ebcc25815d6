internal import Archive
internal import History
internal import Output
internal import Bytes
internal import Definition
internal import Disk
internal import Engine
internal import Intake
internal import Settings
internal import Stages
internal import Trail

/// `trailmill retry`: what was turned away, through a definition that may be better by now.
enum RetryCommand: Command {
  static let syntax = CommandSyntax(
    name: "retry", arguments: "DEFINITION ARCHIVE", count: 2...2,
    summary: "run the quarantine again, and merge what now passes",
    details: [
      """
      What passes is written to parts and leaves the quarantine in the same commit; what does not stays,
      with where it came from and why it is turned away now. Where nothing passes, nothing changes.
      """
    ],
    options: [
      RunCommand.setOption,
      OptionSyntax(name: "threads", value: "N", summary: "workers; default: one per processor"),
      Maintenance.reasonOption, Maintenance.dryRunOption,
      OptionSyntax(name: "summary", value: "text|json|none", summary: "on standard error"),
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let disk = Disk()
    let environment = Process.environment
    let definition = try RunCommand.definition(
      arguments.arguments[0], disk: disk, set: try RunCommand.assignments(arguments),
      environment: environment)
    guard case .archive(var output) = definition.output else {
      throw UsageError(
        "the definition writes no archive: \(arguments.arguments[0]): name the one that filled it")
    }
    output.path = arguments.arguments[1]
    let memory = definition.deduplicates ? ArchiveMemory(replaces: false) : nil
    let desk = definition.flagsSignals ? try SignalDesk(disk, nil) : nil
    var services = StageServices(disk: disk, environment: environment)
    services.seenBefore = memory
    services.signalMemory = desk
    services.signalList = desk
    let plan = try definition.compile(layout: output.layout, services: services)
    guard let layout = plan.layout else { preconditionFailure("an archive without a layout") }
    let rows = RejectRows(stepNames: plan.stepNames, inputName: { _ in "" })
    var outlet = try ArchiveOutlet(
      disk, output, layout: layout, dialect: definition.input.dialect, rows: rows,
      isRehearsal: false, memory: memory, desk: desk,
      signer: try Signing.signer(output, disk, environment), mustExist: true)
    do {
      let files = try LiveFiles(outlet.archive.manifests).all(.quarantine)
      outlet.retried = files.compactMap { $0.retired(.retried) }
      let source = try QuarantineSource(
        disk: disk, paths: files.map { outlet.archive.path + "/" + $0.row.path },
        dialect: definition.input.dialect)
      return try go(arguments, definition, plan, source, outlet, files)
    } catch {
      _ = try? outlet.abandon(keepingQuarantine: false)
      throw error
    }
  }

  private static func go(
    _ arguments: CommandArguments, _ definition: PipelineDefinition, _ plan: CompiledPlan,
    _ source: QuarantineSource, _ outlet: ArchiveOutlet, _ files: [LiveFile]
  ) throws -> ExitCode {
    let form: RunOptions.SummaryForm = try RunOptions.choice(
      arguments, "summary", default: .text)
    let threads =
      try RunOptions.number(arguments, "threads", 1...256) ?? Runner.defaultThreads
    let commit = CommitGate(outlet, nil)
    SignalWatch.start { commit.interrupt($0) }
    let started = try Maintenance.now()
    let clock = Process.monotonicSeconds
    let tally = try Runner.run(
      Plan(
        source: source, steps: plan.steps, sink: outlet.sink, pointers: plan.pointers,
        slotCount: Added.slotCount, labelCount: plan.labelCount), threads: threads)
    guard zip(files, source.facts).allSatisfy({ $0.row.sha256 == $1.digest }),
      tally.read == files.reduce(0, { $0 + $1.row.records })
    else {
      throw ArchiveError(
        .damaged,
        "the quarantine is not the one that was committed: run `trailmill verify "
          + "\(outlet.archive.path)`")
    }
    var summary = Summary(
      ending: .dryRun, tally: tally, pending: 0, skipped: 0, parts: 0,
      bytesIn: source.progress.bytesRead, bytesOut: 0, seconds: 0, place: outlet.place)
    try plan.results.finish()
    summary.findings = plan.results.findings(tally)
    summary.take(plan.results.signals)
    summary.classes = plan.results.classes(tally)
    try commit.close {
      if arguments.has("dry-run") {
        summary.take(try outlet.rehearse())
      } else if tally.quarantined == tally.read {
        _ = try outlet.abandon(keepingQuarantine: false)
        summary.ending = .nothingNew
        summary.head = outlet.archive.head?.digest.hex
      } else {
        let facts = try RunFacts(
          .retry, reason: arguments.value("reason"), definition, plan, tally, started: started)
        summary.take(try outlet.publish(facts, keys: plan.results.usedKeys))
        summary.ending = .published
      }
    }
    summary.seconds = Process.monotonicSeconds - clock
    summary.show(form)
    guard case .published = summary.ending else { return .success }
    return SignalAlarm.code(plan.results.signals, definition.signals)
  }
}
