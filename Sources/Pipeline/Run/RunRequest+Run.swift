internal import Archive
internal import Definition
internal import Disk
internal import History
internal import Intake
internal import Output
internal import Settings
internal import Stages
internal import Trail

extension RunRequest {
  /// Runs the definition over the inputs.
  package func run(_ environment: RunEnvironment) throws -> RunOutcome {
    let destination = try destination()
    try requireSignals()
    let place = try SignalPlace(
      signals ?? definition.signals.place, of: signals == nil ? "output.signals" : "--signals",
      environment.disk)
    let list = try InputList(
      try inputPaths(), environment.disk, outputs: try outputs(destination, environment.disk),
      published: PublishedParts(environment.disk).files)
    return try makeRun(destination, list, place, environment).go()
  }

  /// The folders or the files that the run writes to, as far as they are there.
  private func outputs(_ destination: Destination, _ disk: Disk) throws -> [String] {
    switch destination {
    case .archive(let output): [output.path] + [output.witness].compactMap { $0 }
    case .stream(let path, let output):
      try [path, output.quarantine].compactMap { $0 }
        .filter { try disk.statIfPresent($0)?.kind == .regular }
    }
  }

  private func requireSignals() throws(UsageError) {
    guard signals == nil || definition.flagsSignals else {
      throw UsageError("--signals needs the stage flag_signals: it is what finds them")
    }
  }

  private func makeRun(
    _ destination: Destination, _ list: InputList, _ place: SignalPlace?,
    _ environment: RunEnvironment
  ) throws -> PipelineRun {
    switch destination {
    case .archive(let output):
      return try ArchiveRunBuilder(self, list, place, environment).build(output)
    case .stream(let path, let output):
      return try makeRun(path, output, RecognisedInputs(list), place, environment)
    }
  }

  /// A run whose records go into one file or pipe.
  private func makeRun(
    _ path: String?, _ output: PipelineDefinition.StreamOutput, _ inputs: RecognisedInputs,
    _ place: SignalPlace?, _ environment: RunEnvironment
  ) throws -> PipelineRun {
    let disk = environment.disk
    let delivery = isDryRun ? nil : try place.map { try SignalDelivery($0, disk) }
    let desk = definition.flagsSignals ? SignalDesk(delivery) { inputs.origin($0) } : nil
    var services = StageServices(disk: disk, environment: environment.variables)
    services.signalList = place == nil ? nil : desk
    let plan = try definition.compile(
      window: window, isArchived: false, services: services)
    let job = try self.job(inputs, nil, isArchive: false, environment)
    let outlet = try StreamOutlet(
      disk, path: path, output, rows: RejectRows(plan, inputs), names: plan.names,
      desk: desk, screen: environment.console.screen, isRehearsal: isDryRun)
    return PipelineRun(
      plan: plan, job: job, outlet: outlet, signals: definition.signals, threads: threads,
      environment: environment)
  }

  /// The job of reading `inputs`. `hasFoundRecords` says that a run under this plan has found some before.
  func job(
    _ inputs: RecognisedInputs, _ pipes: PipeRecognition?, isArchive: Bool,
    hasFoundRecords: Bool = false,
    _ environment: RunEnvironment
  ) throws -> PipelineJob {
    PipelineJob(
      request: self,
      inputs: InputSource(
        disk: environment.disk, inputs: inputs.list, histories: inputs.histories, pipes: pipes,
        settings: definition.input.settings, digestsInputs: isArchive, tailWaits: isArchive),
      recognised: inputs, hasFoundRecords: hasFoundRecords, tool: environment.tool)
  }
}

extension RejectRows {
  /// Rows about the records of `inputs` that a step of `plan` turned away.
  init(_ plan: CompiledPlan, _ inputs: RecognisedInputs) {
    self.init(
      stepNames: plan.stepNames, inputName: { inputs.origin($0).file },
      recordsBefore: { inputs.origin($0).recordsBefore })
  }
}
