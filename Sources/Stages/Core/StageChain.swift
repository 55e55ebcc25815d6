package import Engine
package import Settings

/// Makes the steps of a plan, one stage after the other.
package struct StageChain {
  /// What the stages are made from, and what they registered.
  package var context: StageContext
  /// The steps so far.
  package private(set) var steps: [Step] = []
  private var stages: [any StageDefinition.Type] = []

  /// A chain whose first step, called `first`, its owner puts in the place of one that does nothing.
  package init(_ context: StageContext, behind first: String? = nil) {
    self.context = context
    if let first { add(.pure(NoStep()), name: first) }
  }

  /// What messages call the steps.
  package var stepNames: [String] { context.stepNames }

  /// Adds a step that is no stage of the definition.
  package mutating func add(_ step: Step, name: String) {
    steps.append(step)
    context.stepNames.append(name)
  }

  /// Makes a stage of what the definition says of it.
  package mutating func add(
    _ stage: any StageDefinition.Type, _ settings: Settings
  ) throws {
    let name = stage.manual.name
    if let advice = stage.insteadOfTwo, stages.contains(where: { $0.manual.name == name }) {
      throw settings.position.error("\"\(name)\" can be there once: \(advice)")
    }
    for warning in stages.compactMap({ $0.warning(ofLater: name) }) {
      context.warn(warning, about: "stage", settings)
    }
    let made = try stage.make(settings, &context)
    try settings.finish()
    stages.append(stage)
    steps += made
    context.stepNames += made.map { _ in name }
  }
}

/// Keeps the place of a step.
private struct NoStep: PureStage {
  func process(_ batch: Batch, step: Int) {}
}
