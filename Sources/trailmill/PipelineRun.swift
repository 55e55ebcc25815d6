internal import Archive
internal import Bytes
internal import Codec
internal import Definition
internal import Disk
internal import Engine
internal import Intake
internal import Settings
internal import Stages
internal import Trail

/// One run from the command line to the exit code.
struct PipelineRun {
  private let options: RunOptions
  private let disk = Disk()
  private let environment = Process.environment

  init(_ options: RunOptions) { self.options = options }

  func run() throws -> ExitCode {
    let definition = try RunCommand.definition(
      options.definition, disk: disk, set: options.set, environment: environment)
    let output = try resolvedOutput(definition)
    let inputs = options.inputs.isEmpty ? definition.input.paths : options.inputs
    guard !inputs.isEmpty else {
      throw UsageError("no input: name files, folders or \"-\", or set input.paths")
    }
    let plan = try definition.compile(
      window: TimeWindow(since: options.since, until: options.until),
      layout: PipelineRun.layout(output), disk: disk, environment: environment)
    let source = try InputSource(
      disk: disk, inputs: inputs, settings: definition.input.settings,
      digestsInputs: PipelineRun.layout(output) != nil,
      tailWaits: PipelineRun.layout(output) != nil)
    let outlet = try makeOutlet(output, plan, source)
    return try go(definition, plan, source, outlet)
  }

  private func go(
    _ definition: PipelineDefinition, _ plan: CompiledPlan, _ source: InputSource,
    _ outlet: any Outlet
  ) throws -> ExitCode {
    let isShown =
      options.progress == .always || options.progress == .auto && Process.isErrorTerminal
    let bar = isShown ? ProgressBar(total: source.totalSize) : nil
    let commit = CommitGate(outlet, bar)
    SignalWatch.start { commit.interrupt($0) }
    let started = try PipelineRun.now()
    let clock = Process.monotonicSeconds
    var tally: Tally
    do {
      defer { bar?.end() }
      tally = try engine(plan, source, outlet, bar)
    } catch {
      try commit.close { _ = try? outlet.abandon(keepingQuarantine: false) }
      throw error
    }
    var summary = Summary(
      ending: .streamed, tally: tally, pending: source.facts.filter { $0.pendingBytes > 0 }.count,
      skipped: source.skipped, parts: 0, bytesIn: source.progress.bytesRead, bytesOut: 0,
      seconds: 0, place: outlet.place)
    summary.findings = findings(plan, tally, outlet)
    summary.classes = plan.registry.classes(tally)
    summary.notices = notices(source)
    let warnings = plan.registry.warnings.count
    if warnings > 0 {
      summary.notices.append(
        "\(warnings) warning\(warnings == 1 ? "" : "s") about the definition: trailmill check tells"
      )
    }
    let excess = Excess.check(tally, definition.limits)
    try commit.close {
      do {
        let delivery = try deliver(
          definition, plan, source, outlet, tally, started, excess, &summary)
        summary.take(delivery)
      } catch {
        _ = try? outlet.abandon(keepingQuarantine: false)
        throw error
      }
    }
    summary.seconds = Process.monotonicSeconds - clock
    show(summary)
    if let excess { Console.message(excess) }
    return excess == nil ? .success : .quarantine
  }

  private func engine(
    _ plan: CompiledPlan, _ source: InputSource, _ outlet: any Outlet, _ bar: ProgressBar?
  ) throws -> Tally {
    try Runner.run(
      Plan(
        source: source, steps: plan.steps, sink: outlet.sink, pointers: plan.pointers,
        slotCount: Added.slotCount, labelCount: plan.labelCount),
      threads: options.threads
    ) { tally in
      bar?.update(records: tally.read, bytes: source.progress.bytesRead)
    }
  }

  private func deliver(
    _ definition: PipelineDefinition, _ plan: CompiledPlan, _ source: InputSource,
    _ outlet: any Outlet, _ tally: Tally, _ started: Timestamp, _ excess: String?,
    _ summary: inout Summary
  ) throws -> Delivery {
    if let excess {
      let kept = try outlet.abandon(keepingQuarantine: !options.isDryRun)
      if let kept { summary.notices.append("the quarantine is kept in \(kept)") }
      summary.ending = .refused(excess)
      return Delivery(bytes: outlet.bytesGone)
    }
    if options.isDryRun {
      summary.ending = .dryRun
      return try outlet.rehearse()
    }
    let keys = plan.registry.usedKeys
    let delivery = try outlet.publish(
      facts(definition, plan, source, tally, started), keys: keys)
    if outlet is ArchiveOutlet {
      summary.ending = delivery.run == nil ? .nothingNew : .published
      if delivery.newKeys > 0 {
        summary.findings.append(("new in the key table", Summary.grouped(delivery.newKeys)))
      }
    } else if !keys.isEmpty {
      summary.notices.append(
        "what the digests of keys stand for is kept nowhere: only an archive has a key table: write to"
          + " one, or set detail to \"full\"")
    }
    return delivery
  }
}

// MARK: - Where from, where to

extension PipelineRun {
  private enum ResolvedOutput {
    case archive(PipelineDefinition.ArchiveOutput)
    case stream(path: String?, PipelineDefinition.StreamOutput)
  }

  /// The definition's output with what the command line says instead.
  private func resolvedOutput(_ definition: PipelineDefinition) throws -> ResolvedOutput {
    switch (definition.output, options.output) {
    case (.archive(var archive), let path?) where path != "-":
      archive.path = path
      archive.compression = changed(archive.compression)
      return .archive(archive)
    case (.archive(var archive), nil):
      archive.compression = changed(archive.compression)
      return .archive(archive)
    case (.archive, .some), (nil, .some):
      let path = options.output == "-" ? nil : options.output
      let plain = Compression(format: .none, level: 6, engine: .zlib)
      return .stream(
        path: path,
        PipelineDefinition.StreamOutput(compression: changed(plain), quarantine: nil))
    case (.file(let path, let stream), let other):
      return .stream(path: other == "-" ? nil : other ?? path, changed(stream))
    case (.standardOutput(let stream), let other):
      return .stream(path: other == "-" ? nil : other, changed(stream))
    case (nil, nil):
      throw UsageError("no output: pass --output, or add a section \"output\" to the definition")
    }
  }

  /// `--compression` chooses format and level; the engine stays the definition's.
  private func changed(_ compression: Compression) -> Compression {
    guard var wanted = options.compression else { return compression }
    wanted.engine = compression.engine
    return wanted
  }

  private func changed(
    _ stream: PipelineDefinition.StreamOutput
  ) -> PipelineDefinition.StreamOutput {
    var stream = stream
    stream.compression = changed(stream.compression)
    return stream
  }

  private func inputName(_ names: [String]) -> @Sendable (Int) -> String {
    { names.indices.contains($0) ? names[$0] : "" }
  }

  private static func layout(_ output: ResolvedOutput) -> Layout? {
    if case .archive(let archive) = output { archive.layout } else { nil }
  }

  private func makeOutlet(
    _ output: ResolvedOutput, _ plan: CompiledPlan, _ source: InputSource
  ) throws -> any Outlet {
    let rows = RejectRows(stepNames: plan.stepNames, inputName: inputName(source.names))
    switch output {
    case .archive(let archive):
      guard let layout = plan.layout else { preconditionFailure("an archive without a layout") }
      return try ArchiveOutlet(
        disk, archive, layout: layout, rows: rows, isRehearsal: options.isDryRun)
    case .stream(let path, let stream):
      return try StreamOutlet(
        disk, path: path, stream, rows: rows, isRehearsal: options.isDryRun)
    }
  }
}

// MARK: - What to say

extension PipelineRun {
  private func facts(
    _ definition: PipelineDefinition, _ plan: CompiledPlan, _ source: InputSource,
    _ tally: Tally, _ started: Timestamp
  ) throws -> RunFacts {
    return RunFacts(
      definition: FileFacts(
        path: definition.file, bytes: Int64(definition.size), sha256: definition.digest),
      plan: definition.planDigest, since: options.since, until: options.until,
      inputs: source.facts.enumerated().map { number, facts in
        Archive.InputFacts(
          name: facts.name, bytes: Int64(facts.bytes), sha256: facts.digest,
          records: tally.recordsByInput[number] ?? 0,
          damage: facts.damage.map { "\($0.reason) at byte \($0.offset)" },
          pending: facts.pendingBytes > 0 ? Int64(facts.pendingBytes) : nil)
      },
      tables: plan.registry.tables.map {
        FileFacts(path: $0.path, bytes: Int64($0.bytes), sha256: $0.sha256)
      },
      counts: RunCounts(tally), clock: RunClock(started: started, finished: try PipelineRun.now()),
      tool: "trailmill \(Commands.version)")
  }

  private static func now() throws(UsageError) -> Timestamp {
    guard let now = Timestamp.now() else {
      throw UsageError("the clock is beyond the year 9999: set it")
    }
    return now
  }

  private func findings(
    _ plan: CompiledPlan, _ tally: Tally, _ outlet: any Outlet
  ) -> [(key: String, value: String)] {
    var findings = plan.registry.findings(tally)
    if outlet.withoutTime > 0 {
      findings.append(("without a usable time", Summary.grouped(outlet.withoutTime)))
    }
    return findings
  }

  private func notices(_ source: InputSource) -> [String] {
    let unmatched = source.unmatchedPatterns.map { "nothing matches the pattern \($0)" }
    return unmatched
      + source.facts.compactMap { facts in
        if let damage = facts.damage {
          return "\(facts.name) is damaged from byte \(damage.offset) on: \(damage.reason)"
        }
        guard facts.documentsWithoutRecords > 0 else { return nil }
        return "\(facts.name): \(facts.documentsWithoutRecords) documents have no records"
      }
  }

  private func show(_ summary: Summary) {
    switch options.summary {
    case .text: Console.error(summary.text)
    case .json: Console.error(summary.json)
    case .none: break
    }
  }
}

/// The bounds on what may end in the quarantine.
enum Excess {
  /// What exceeds which limit, as a sentence; nil if all is well.
  static func check(_ tally: Tally, _ limits: PipelineDefinition.Limits) -> String? {
    if exceeds(tally.unreadable, of: tally.read, limits.unreadable) {
      return sentence(tally.unreadable, "unreadable", tally.read, limits.unreadable)
    }
    if exceeds(tally.refused, of: tally.read, limits.refused) {
      return sentence(tally.refused, "refused", tally.read, limits.refused)
    }
    return nil
  }

  private static func exceeds(_ count: Int, of total: Int, _ limit: Limit) -> Bool {
    switch limit {
    case .none: false
    case .count(let bound): count > bound
    case .fraction(let share): Double(count) > Double(total) * share
    }
  }

  private static func sentence(
    _ count: Int, _ what: String, _ total: Int, _ limit: Limit
  ) -> String {
    let bound =
      switch limit {
      case .none: "none"
      case .count(let bound): "\(bound)"
      case .fraction(let share): "\(Summary.decimal(share * 100, places: 1)) %"
      }
    return "\(count) of \(total) records are \(what): more than limits.\(what) allows (\(bound))"
  }
}
