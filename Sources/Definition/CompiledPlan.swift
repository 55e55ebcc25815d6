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
  /// What stages registered: tables read, counters, reports.
  package let registry: StageRegistry

  /// Labels per record, by which the tally counts.
  package var labelCount: Int { registry.labels.count }
}

extension PipelineDefinition {
  /// Makes the stages. Everything that they read beside the input is read here, so that what is
  /// missing is found before a run begins. `seenBefore` is what `deduplicate` remembers of earlier runs,
  /// `signalMemory` what `flag_signals` does, whose list goes to `signalList`.
  package func compile(
    window: TimeWindow = TimeWindow(), layout: Layout? = nil, disk: Disk,
    environment: [String: String],
    seenBefore: (any SeenBefore)? = nil, signalMemory: (any SignalMemory)? = nil,
    signalList: (any SignalList)? = nil
  ) throws -> CompiledPlan {
    let context = StageContext(
      dialect: input.dialect, disk: disk, environment: environment, seenBefore: seenBefore,
      signalMemory: signalMemory, signalList: signalList)
    return try compile(
      stages, input.settings, window: window, layout: layout, context: context)
  }

  /// Makes what finds out of records in an archive what identifies them: the reader and the stages that
  /// deduplicate, of which only the pure steps are of use.
  package func compileIdentity(
    disk: Disk, environment: [String: String]
  ) throws -> CompiledPlan {
    var settings = input.settings
    settings.envelope = .never
    let stages = stages.filter { AllStages.named($0.name)?.remembersWritten ?? false }
    let context = StageContext(dialect: input.dialect, disk: disk, environment: environment)
    return try compile(stages, settings, window: TimeWindow(), layout: nil, context: context)
  }

  private func compile(
    _ stages: [Stage], _ intake: InputSettings, window: TimeWindow, layout: Layout?,
    context: StageContext
  ) throws -> CompiledPlan {
    var context = context
    let reader = try RecordReader(
      settings: intake, dialect: input.dialect, table: &context.pointers)
    var steps: [Step] = [.pure(reader)]
    var names = ["intake"]
    if let filter = WindowFilter(window) {
      steps.append(.pure(filter))
      names.append("window")
    }
    for stage in stages {
      guard let kind = AllStages.named(stage.name) else { continue }
      let settings = try Settings(stage.value, what: "stage \"\(stage.name)\"")
      _ = try settings.string("stage")
      context.stepNames = names
      FlagSignals.warn(ofLater: stage.name, settings, &context)
      let made = try kind.make(settings, &context)
      try settings.finish()
      steps += made
      names += made.map { _ in stage.name }
    }
    let bound = layout?.bind(dialect: input.dialect, table: &context.pointers)
    return CompiledPlan(
      steps: steps, stepNames: names, pointers: PointerSet(context.pointers.pointers),
      dialect: context.boundDialect, layout: bound, registry: context.registry)
  }
}
