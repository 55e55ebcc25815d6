package import Archive
package import Bytes
package import Disk
package import Engine
internal import Intake
package import JSONText
internal import Settings
package import Stages
package import Trail

/// A definition with its stages made, its lookup tables loaded and its pointers given slots: ready
/// to run, once somebody says from where and to where.
package struct CompiledPlan {
  /// The steps; the first frames and scans.
  package let steps: [Step]
  /// What messages call the steps.
  package let stepNames: [String]
  /// What is located in each record.
  package let pointers: PointerSet
  /// Where events keep what we need.
  package let dialect: BoundDialect
  /// The folders, if the output is an archive.
  package let layout: BoundLayout?
  /// What stages have to tell beside the records: tables read, counters, warnings, signals, keys used.
  package let results: StageResults

  /// Labels per record, by which the tally counts.
  package var labelCount: Int { results.labels.count }
}

extension PipelineDefinition {
  /// Makes the stages. Everything that they read beside the input is read here, so that what is
  /// missing is found before a run begins.
  package func compile(
    window: TimeWindow = TimeWindow(), layout: Layout? = nil, services: StageServices
  ) throws -> CompiledPlan {
    try compile(stages, input.settings, window: window, layout: layout, services: services)
  }

  /// Makes what finds out of records in an archive what identifies them: the reader and the stages that
  /// deduplicate, of which only the pure steps are of use.
  package func compileIdentity(
    disk: Disk, environment: [String: String]
  ) throws -> CompiledPlan {
    var settings = input.settings
    settings.envelope = .never
    let stages = stages.filter { AllStages.named($0.name)?.remembersWritten ?? false }
    return try compile(
      stages, settings, window: TimeWindow(), layout: nil,
      services: StageServices(disk: disk, environment: environment))
  }

  private func compile(
    _ stages: [Stage], _ intake: InputSettings, window: TimeWindow, layout: Layout?,
    services: StageServices
  ) throws -> CompiledPlan {
    var chain = StageChain(StageContext(dialect: input.dialect, services: services))
    let reader = RecordReader(
      settings: intake, dialect: input.dialect, table: &chain.context.pointers)
    chain.add(.pure(reader), name: "intake")
    let filter = WindowFilter(
      ofRun: window, chain.context.boundDialect, services.timelessMemory)
    if let filter { chain.add(.pure(filter), name: "window") }
    for stage in stages {
      guard let kind = AllStages.named(stage.name) else { continue }
      let settings = try Settings(stage.value, what: "stage \"\(stage.name)\"")
      _ = try settings.string("stage")
      try chain.add(kind, settings)
    }
    let bound = layout?.bind(dialect: input.dialect, table: &chain.context.pointers)
    return CompiledPlan(
      steps: chain.steps, stepNames: chain.stepNames,
      pointers: PointerSet(chain.context.pointers.pointers),
      dialect: chain.context.boundDialect, layout: bound, results: chain.context.results)
  }
}
