public import Archive
public import Disk
public import Engine
internal import Intake
public import JSONText
internal import Settings
public import Stages
public import Trail

/// A definition with its stages made, its lookup tables loaded and its pointers given slots: ready
/// to run, once somebody says from where and to where.
public struct CompiledPlan {
  /// The steps; the first frames and scans.
  public let steps: [Step]
  /// What messages call the steps.
  public let stepNames: [String]
  /// What is located in each record.
  public let pointers: PointerSet
  /// Where events keep what we need.
  public let dialect: BoundDialect
  /// The folders, if the output is an archive.
  public let layout: BoundLayout?
  /// What stages registered: tables read, counters, reports.
  public let registry: StageRegistry

  /// Labels per record, by which the tally counts.
  public var labelCount: Int { registry.labels.count }
}

extension PipelineDefinition {
  /// Makes the stages. Everything that they read beside the input is read here, so that what is
  /// missing is found before a run begins.
  public func compile(
    window: TimeWindow? = nil, layout: Layout? = nil, disk: Disk, environment: [String: String]
  ) throws -> CompiledPlan {
    var context = StageContext(dialect: input.dialect, disk: disk, environment: environment)
    let reader = try RecordReader(
      settings: input.settings, dialect: input.dialect, table: &context.pointers)
    var steps: [Step] = [.pure(reader)]
    var names = ["intake"]
    if let window {
      steps.append(.pure(window))
      names.append("window")
    }
    for stage in stages {
      guard let kind = AllStages.named(stage.name) else { continue }
      let settings = try Settings(stage.value, what: "stage \"\(stage.name)\"")
      _ = try settings.string("stage")
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
