internal import Engine
internal import Archive
internal import Bytes
internal import Definition
internal import Disk
internal import History
internal import Intake
internal import Output
internal import Settings
internal import Stages
internal import Trail

/// Puts together a run whose records go into an archive. The lock is taken first: what the stages ask of the
/// archive, and what it knows of the inputs, is there before they are made.
struct ArchiveRunBuilder {
  private let request: RunRequest
  private let list: InputList
  private let place: SignalPlace?
  private let environment: RunEnvironment

  /// A run over `list`.
  init(
    _ request: RunRequest, _ list: InputList, _ place: SignalPlace?,
    _ environment: RunEnvironment
  ) {
    self.request = request
    self.list = list
    self.place = place
    self.environment = environment
  }

  func build(_ output: PipelineDefinition.ArchiveOutput) throws -> PipelineRun {
    let signer = try ManifestSigner(output, environment)
    let environment = environment.guarding(archive: output.path)
    let held = try HeldArchive(
      environment.disk, output, signer: signer, mustExist: false,
      isRehearsal: request.isDryRun)
    let builder = ArchiveRunBuilder(request, list, place, environment)
    do { return try builder.build(held) } catch {
      // A definition that is wrong leaves no trace of an archive that was not there.
      try? held.release(removesFolders: true)
      throw error
    }
  }

  private func build(_ held: HeldArchive) throws -> PipelineRun {
    let definition = request.definition
    let inputs = RecognisedInputs(list)
    // Asked to read again, a run still reads a copy of an input only once.
    let recognition = InputRecognition(
      inputs, held.archive.ledger, plan: definition.planDigest, window: request.window,
      deduplicates: definition.deduplicates, mode: request.mode, environment.disk)
    try recognition.recogniseFiles()
    let memory = ArchiveMemory(held.run, definition, replaces: request.mode == .replace)
    let delivery =
      request.isDryRun ? nil : try place.map { try SignalDelivery($0, environment.disk) }
    do {
      let desk = SignalDesk(held.run, delivery) { inputs.origin($0) }
      var services = StageServices(environment, memory, desk)
      services.readingMemory = inputs
      let plan = try definition.compile(
        window: request.window, layout: held.output.layout, isArchived: true, services: services)
      let pipes = PipeRecognition(
        spillPath: held.run.inputSpillPath, history: recognition.history(ofPipe:_:finished:))
      let job = try request.job(
        inputs, recognition.isIdle ? nil : pipes, isArchive: true,
        hasFoundRecords: recognition.hasFoundRecords, environment)
      let outlet = try ArchiveOutlet(
        environment.disk, held, try PartSettings(plan, held.output, definition),
        rows: RejectRows(plan, inputs), memory: memory, desk: desk, isRehearsal: request.isDryRun,
        replacement: replacement(memory))
      return PipelineRun(
        plan: plan, job: job, outlet: outlet, signals: definition.signals,
        threads: request.threads, environment: environment)
    } catch {
      delivery?.discard()
      throw error
    }
  }

  private func replacement(_ memory: ArchiveMemory?) -> WindowReplacement? {
    guard request.mode == .replace, let memory else { return nil }
    return WindowReplacement(
      definition: request.definition, memory: memory, window: request.window,
      disk: environment.disk, environment: environment.variables)
  }
}

extension PartSettings {
  /// How the parts of a run under `plan` are made.
  init(
    _ plan: CompiledPlan, _ output: PipelineDefinition.ArchiveOutput,
    _ definition: PipelineDefinition
  ) throws {
    guard let layout = plan.layout else {
      throw UsageError("the plan has no layout: an archive needs one")
    }
    self.init(
      layout: layout, partSize: output.partSize, compression: output.compression,
      dialect: definition.input.dialect, bound: plan.dialect, names: plan.names, added: plan.added,
      mostPartitions: definition.limits.partitions ?? .max)
  }
}

extension StageServices {
  /// What an archive does for stages.
  init(_ environment: RunEnvironment, _ memory: ArchiveMemory?, _ desk: SignalDesk?) {
    self.init(disk: environment.disk, environment: environment.variables)
    seenBefore = memory
    signalMemory = desk
    signalList = desk
  }
}
