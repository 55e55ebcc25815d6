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
  /// What is added to the events, and believed of those that are in an archive.
  package let added: AddedMembers
  /// What the members are called that are added.
  package let names: AddedNames
  /// What stages have to tell beside the records: tables read, counters, warnings, signals, keys used.
  package let results: StageResults

  /// Labels per record, by which the tally counts.
  package var labelCount: Int { results.labels.count }
  /// What messages about the input must not show; nil if no stage looks for secrets.
  package var secrets: SecretPlan? { results.secrets }
}

extension PipelineDefinition {
  /// Makes the stages. Everything that they read beside the input is read here, so that what is
  /// missing is found before a run begins. `isArchived` says whether the records go into an archive; nil
  /// where the definition says it.
  package func compile(
    window: TimeWindow = TimeWindow(), layout: Layout? = nil, isArchived: Bool? = nil,
    services: StageServices
  ) throws -> CompiledPlan {
    let duplicates =
      input.settings.duplicateMembers ?? (isArchived ?? self.isArchived ? .refuse : .keep)
    return try compile(
      stages, input.settings, window: window, layout: layout, services: services
    ) { rules(adding: $0, refusesDuplicates: duplicates == .refuse) }
  }

  /// Makes what finds out of records in an archive, to which `added` was added, what identifies them: the
  /// reader and the stages that deduplicate, of which only the pure steps are of use.
  package func compileIdentity(
    of added: AddedMembers, disk: Disk, environment: [String: String]
  ) throws -> CompiledPlan {
    var settings = input.settings
    settings.envelope = .never
    settings.wrapper = nil
    let stages = stages.filter { AllStages.named($0.name)?.remembersWritten ?? false }
    return try compile(
      stages, settings, window: TimeWindow(), layout: nil,
      services: StageServices(disk: disk, environment: environment)
    ) { _ in RecordRules(archived: added) }
  }

  /// How records are read to which the stages can add `roles`.
  private func rules(adding roles: Set<AddedRole>, refusesDuplicates: Bool) -> RecordRules {
    let policy = input.settings.envelope
    var rules = RecordRules()
    rules.names = names
    rules.refusesDuplicates = refusesDuplicates
    rules.judgesSignatures = judgesSignatures
    if input.settings.own {
      rules.reserved = Set(AddedRole.allCases)
      rules.existing = AddedMembers(rules.reserved, names: names)
    } else {
      // Where not every delivery has to be one, an event may have a member of that name.
      let isRequired = policy == .always || policy == .auto && judgesSignatures
      rules.reserved = isRequired ? roles.union([.delivery]) : roles
    }
    return rules
  }

  private func compile(
    _ stages: [Stage], _ intake: InputSettings, window: TimeWindow, layout: Layout?,
    services: StageServices, _ makeRules: (Set<AddedRole>) -> RecordRules
  ) throws -> CompiledPlan {
    var chain = StageChain(
      StageContext(dialect: input.dialect, services: services), behind: "intake")
    let filter = WindowFilter(ofRun: window, chain.context.boundDialect)
    if let filter { chain.add(.pure(filter), name: "window") }
    // What is known raises no signal again; nothing is turned away behind the stage that finds them.
    var refusals = services.readingMemory.map {
      KnownRefusals($0, windowStep: chain.stepNames.firstIndex(of: "window"))
    }
    for stage in stages {
      guard let kind = AllStages.named(stage.name) else { continue }
      if kind.findsSignals, let step = refusals.take() {
        chain.add(.pure(step), name: KnownRefusals.name)
      }
      let settings = try Settings(stage.value, what: "stage \"\(stage.name)\"")
      _ = try settings.string("stage")
      try chain.add(kind, settings)
    }
    if let step = refusals { chain.add(.pure(step), name: KnownRefusals.name) }
    if !flagsSignals, let list = services.signalList {
      let refused = RefusedRecords(list)
      chain.context.add(refused)
      chain.add(.ordered(refused), name: "signals")
    }
    let bound = layout?.bind(dialect: input.dialect, table: &chain.context.pointers)
    // The first step is made last: what the stages add is not to come with an event.
    var rules = makeRules(chain.context.added)
    rules.secrets = chain.context.results.secrets
    let reader = RecordReader(
      settings: intake, dialect: input.dialect, rules: rules, table: &chain.context.pointers)
    return CompiledPlan(
      steps: [.pure(reader)] + chain.steps.dropFirst(), stepNames: chain.stepNames,
      pointers: PointerSet(chain.context.pointers.pointers),
      dialect: chain.context.boundDialect, layout: bound,
      added: AddedMembers(
        rules.reserved, names: names, mayBringDelivery: intake.envelope == .auto,
        // What says of itself that it is trailmill's own output proves nothing.
        provesSignatures: judgesSignatures && !intake.own),
      names: names, results: chain.context.results)
  }
}
