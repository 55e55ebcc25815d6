internal import History
internal import Output
internal import Archive
internal import Bytes
internal import Codec
internal import Definition
internal import Disk
internal import Engine
internal import Intake
internal import Settings
internal import Stages
internal import Synchronization
internal import Trail

/// One run from the command line to the exit code.
struct PipelineRun {
  let options: RunOptions
  private let disk = Disk()
  private let environment = Process.environment
  /// How many records of each input earlier runs have read.
  private let recordsBefore = RecordsBefore()

  init(_ options: RunOptions) { self.options = options }

  func run() throws -> ExitCode {
    let definition = try RunCommand.definition(
      options.definition, disk: disk, set: options.set, environment: environment)
    let output = try resolvedOutput(definition)
    let place = try signalPlace(definition)
    try requireArchive(definition, output)
    let inputs = options.inputs.isEmpty ? definition.input.paths : options.inputs
    guard !inputs.isEmpty else {
      throw UsageError("no input: name files, folders or \"-\", or set input.paths")
    }
    return try run(definition, output, inputs: inputs, signals: place, without: [])
  }

  /// Runs without the inputs `known`, which turned out to have been read before.
  private func run(
    _ definition: PipelineDefinition, _ output: ResolvedOutput, inputs: [String],
    signals place: SignalPlace?, without known: Set<Int>
  ) throws -> ExitCode {
    let isArchive = PipelineRun.layout(output) != nil
    let memory =
      isArchive && definition.deduplicates ? ArchiveMemory(replaces: options.replaces) : nil
    let desk = definition.flagsSignals ? try SignalDesk(disk, place) : nil
    let plan = try definition.compile(
      window: options.window,
      layout: PipelineRun.layout(output), disk: disk, environment: environment,
      seenBefore: memory, signalMemory: isArchive ? desk : nil,
      signalList: isArchive || place != nil ? desk : nil)
    desk?.stage = plan.registry.signals
    let source = try InputSource(
      disk: disk, inputs: inputs, settings: definition.input.settings,
      digestsInputs: isArchive, tailWaits: isArchive)
    for number in known { source.histories[number] = .known }
    desk?.inputs = { [names = source.names, recordsBefore] in
      (names.indices.contains($0) ? names[$0] : "", recordsBefore[$0])
    }
    let outlet = try makeOutlet(output, definition, plan, source, memory, desk)
    let recognition = try recognise(definition, source, outlet)
    let unit = Unit(
      definition: definition, plan: plan, source: source, outlet: outlet,
      recognition: recognition)
    switch try go(unit) {
    case .ended(let code): return code
    case .readBefore(let numbers):
      return try run(
        definition, output, inputs: inputs, signals: place, without: known.union(numbers))
    }
  }

  /// What one run is made of.
  struct Unit {
    let definition: PipelineDefinition
    let plan: CompiledPlan
    let source: InputSource
    let outlet: any Outlet
    /// What the archive knows of the inputs; nil where nobody asks.
    let recognition: InputRecognition?
  }

  private enum Outcome {
    case ended(ExitCode)
    /// These inputs turned out to have been read before, and nothing was published.
    case readBefore([Int])
  }

  private func requireArchive(
    _ definition: PipelineDefinition, _ output: ResolvedOutput
  ) throws(UsageError) {
    guard options.replaces || options.again else { return }
    let option = options.replaces ? "--replace" : "--again"
    guard PipelineRun.layout(output) != nil else {
      throw UsageError("\(option) is about an archive, and the output is none")
    }
    guard options.replaces else { return }
    guard !options.again else { throw UsageError("--replace and --again exclude each other") }
    guard options.window.isBounded else {
      throw UsageError("--replace needs a window: --since, --until or both")
    }
    guard definition.deduplicates else {
      throw UsageError(
        "--replace needs the stage deduplicate: it tells which deliveries are there again")
    }
  }

  /// Asks the archive what it knows of the inputs.
  private func recognise(
    _ definition: PipelineDefinition, _ source: InputSource, _ outlet: any Outlet
  ) throws -> InputRecognition? {
    guard let outlet = outlet as? ArchiveOutlet else { return nil }
    // Asked to read again, it still reads a copy of an input only once.
    let asksLedger = !options.again && !options.replaces
    let recognition = InputRecognition(
      ledger: outlet.archive.ledger, plan: definition.planDigest, window: options.window,
      deduplicates: definition.deduplicates, disk: disk)
    do {
      for (number, history) in try recognition.recognise(source.names, asksLedger: asksLedger) {
        source.histories[number] = history
        if case .continued(let place) = history { recordsBefore[number] = place.records }
      }
    } catch {
      _ = try? outlet.abandon(keepingQuarantine: false)
      throw error
    }
    return asksLedger ? recognition : nil
  }

  private func go(_ unit: Unit) throws -> Outcome {
    let (plan, source, outlet) = (unit.plan, unit.source, unit.outlet)
    let isShown =
      options.progress == .always || options.progress == .auto && Process.isErrorTerminal
    let bar = isShown ? ProgressBar(total: source.totalSize) : nil
    let commit = CommitGate(outlet, bar)
    SignalWatch.start { commit.interrupt($0) }
    let started = try Maintenance.now()
    let clock = Process.monotonicSeconds
    var tally: Tally
    do {
      defer { bar?.end() }
      tally = try engine(plan, source, outlet, bar)
      try plan.registry.signals?.finish()
    } catch {
      try commit.close { _ = try? outlet.abandon(keepingQuarantine: false) }
      throw error
    }
    let facts = try facts(unit, tally, started)
    let numbers: [Int]?
    do { numbers = try readBefore(unit, facts.inputs) } catch {
      try commit.close { _ = try? outlet.abandon(keepingQuarantine: false) }
      throw error
    }
    if let numbers {
      try commit.close { _ = try outlet.abandon(keepingQuarantine: false) }
      return .readBefore(numbers)
    }
    var summary = makeSummary(unit, tally)
    let excess = Excess.check(tally, unit.definition.limits)
    try commit.close {
      do {
        summary.take(try deliver(unit, facts, excess, &summary))
      } catch {
        _ = try? outlet.abandon(keepingQuarantine: false)
        throw error
      }
    }
    summary.seconds = Process.monotonicSeconds - clock
    summary.show(options.summary)
    if let excess {
      Console.message(excess)
      return .ended(.quarantine)
    }
    return .ended(
      options.isDryRun
        ? .success : SignalAlarm.code(plan.registry.signals, unit.definition.signals))
  }

  /// Inputs that could be recognised only now, as they come once, and whose records would be archived
  /// a second time; nil if there are none.
  private func readBefore(_ unit: Unit, _ inputs: [RecordedInput]) throws -> [Int]? {
    guard let recognition = unit.recognition, !unit.definition.deduplicates else { return nil }
    let numbers = zip(unit.source.facts, inputs).compactMap { facts, input in
      facts.continued == nil && recognition.wasRead(input) ? facts.number : nil
    }
    guard !numbers.isEmpty else { return nil }
    // What came through a pipe comes once: nobody could read it again.
    let others = unit.source.facts.filter { facts in
      !numbers.contains(facts.number)
        && (facts.name == "-" || (try? disk.stat(facts.name).kind) != .regular)
    }
    if let other = others.first {
      throw UsageError(
        "an input turned out to have been read before: \(unit.source.names[numbers[0]]), and \(other.name) "
          + "cannot be read again without it: give pipes one at a time, or add the stage deduplicate"
      )
    }
    return numbers
  }

  private func makeSummary(_ unit: Unit, _ tally: Tally) -> Summary {
    let source = unit.source
    var summary = Summary(
      ending: .streamed, tally: tally, pending: source.facts.filter { $0.pendingBytes > 0 }.count,
      skipped: source.skipped, parts: 0, bytesIn: source.progress.bytesRead, bytesOut: 0,
      seconds: 0, place: unit.outlet.place)
    for history in source.histories.values {
      switch history {
      case .known: summary.known += 1
      case .continued: summary.continued += 1
      }
    }
    summary.findings = findings(unit.plan, tally, unit.outlet)
    summary.classes = unit.plan.registry.classes(tally)
    summary.take(unit.plan.registry.signals)
    summary.notices = notices(source)
    let warnings = unit.plan.registry.warnings.count
    if warnings > 0 {
      summary.notices.append(
        "\(warnings) warning\(warnings == 1 ? "" : "s") about the definition: trailmill check tells"
      )
    }
    return summary
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
    _ unit: Unit, _ facts: RunFacts, _ excess: String?, _ summary: inout Summary
  ) throws -> Delivery {
    let outlet = unit.outlet
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
    let keys = unit.plan.registry.usedKeys
    let delivery = try outlet.publish(facts, keys: keys)
    if outlet is ArchiveOutlet {
      summary.ending = delivery.run == nil ? .nothingNew : .published
      if delivery.newKeys > 0 {
        summary.findings.append(("new in the key table", Summary.grouped(delivery.newKeys)))
      }
      if delivery.retired > 0 {
        summary.findings.append(("parts retired", Summary.grouped(delivery.retired)))
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

  /// Where the list of signals goes beside the archive.
  private func signalPlace(_ definition: PipelineDefinition) throws(UsageError) -> SignalPlace? {
    guard options.signals == nil || definition.flagsSignals else {
      throw UsageError("--signals needs the stage flag_signals: it is what finds them")
    }
    return try SignalPlace(
      options.signals ?? definition.signals.place,
      of: options.signals == nil ? "output.signals" : "--signals")
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
    _ output: ResolvedOutput, _ definition: PipelineDefinition, _ plan: CompiledPlan,
    _ source: InputSource, _ memory: ArchiveMemory?, _ desk: SignalDesk?
  ) throws -> any Outlet {
    switch output {
    case .archive(let archive):
      guard let layout = plan.layout else { preconditionFailure("an archive without a layout") }
      // Which inputs are continued is found out when the archive is open, before the first record.
      let rows = RejectRows(
        stepNames: plan.stepNames, inputName: inputName(source.names),
        recordsBefore: { [recordsBefore] in recordsBefore[$0] })
      var outlet = try ArchiveOutlet(
        disk, archive, layout: layout, dialect: definition.input.dialect, rows: rows,
        isRehearsal: options.isDryRun, memory: memory, desk: desk,
        signer: try Signing.signer(archive, disk, environment))
      if options.replaces, let memory {
        outlet.replacement = WindowReplacement(
          definition: definition, memory: memory, window: options.window,
          disk: disk, environment: environment)
      }
      return outlet
    case .stream(let path, let stream):
      let rows = RejectRows(stepNames: plan.stepNames, inputName: inputName(source.names))
      return try StreamOutlet(
        disk, path: path, stream, rows: rows, desk: desk, isRehearsal: options.isDryRun)
    }
  }
}
