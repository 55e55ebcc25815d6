internal import Bytes
internal import Definition
internal import Disk
internal import Engine
internal import History
internal import Intake
internal import JSONText
internal import Pipeline
internal import Settings
internal import Synchronization
internal import Terminal
internal import Trail

/// Reads inputs for the few events that something is learned from.
struct Learning {
  /// Whose events they are.
  enum Origin {
    /// Those of a built-in dialect.
    case dialect(String)
    /// As a definition reads them.
    case definition(DefinitionOptions)
  }

  /// What was read.
  struct Outcome {
    let records: Int
    let unreadable: Int
    /// More records are unreadable than the definition allows, or none are where it says; nil if all is well.
    let excess: String?
    let unmatchedPatterns: [String]
    /// Names that were passed over in folders.
    let skipped: Int
    /// From the time of the first event to that of the last, in microseconds since 1970; nil if none has one.
    let times: ClosedRange<Int64>?
  }

  let dialect: Dialect
  private let disk: Disk
  private let settings: InputSettings
  private var rules = RecordRules()
  private let limits: PipelineDefinition.Limits
  private let parts: PublishedParts

  init(_ origin: Origin, _ disk: Disk) throws {
    self.disk = disk
    parts = PublishedParts(disk)
    switch origin {
    case .dialect(let name):
      settings = InputSettings()
      limits = PipelineDefinition.Limits()
      do { dialect = try Dialect.named(name) } catch { throw UsageError("\(error)") }
    case .definition(let options):
      let definition = try options.load(disk, environment: Process.environment)
      settings = definition.input.settings
      rules.judgesSignatures = definition.judgesSignatures
      dialect = definition.input.dialect
      limits = definition.limits
    }
  }

  /// What makes records of the input.
  func reader(_ table: inout PointerTable) -> RecordReader {
    RecordReader(settings: settings, dialect: dialect, rules: rules, table: &table)
  }

  /// The inputs.
  func source(_ inputs: [String]) throws -> InputSource {
    try InputSource(
      disk: disk, inputs: inputs, published: parts.files, settings: settings,
      digestsInputs: false, tailWaits: false)
  }

  /// What was added to the events of an input; nil where that is no part of an archive.
  private func added(toInput name: String) -> AddedMembers? { parts.added(to: name) }

  /// The slot of the member that says of an event of an input that its signature was verified; -1 for none.
  func proof(ofInput name: String, _ table: inout PointerTable) -> Int {
    guard let added = added(toInput: name), added.provesSignatures,
      let pointer = added.pointer(toMember: .delivery)
    else { return -1 }
    return table.slot(pointer)
  }

  /// Reads all of `source`, and hands `sink` the events for which one of `conditions` holds.
  func run(
    _ source: InputSource, _ reader: RecordReader, _ conditions: [Condition], _ sink: any Sink,
    _ table: PointerTable
  ) throws -> Outcome {
    let filter = ConditionFilter(conditions)
    let tally = try Runner.run(
      Plan(
        source: source, steps: [.pure(reader), .pure(filter)], sink: sink,
        pointers: PointerSet(table.pointers), slotCount: Added.slotCount),
      threads: Runner.defaultThreads)
    return Outcome(
      records: tally.read, unreadable: tally.unreadable,
      excess: QuarantineLimits.excess(tally, limits, hiding: nil) { (source.names[$0], 0) }
        ?? settings.records.flatMap { InputFacts.recordsNowhere($0, source.facts) },
      unmatchedPatterns: source.unmatchedPatterns, skipped: source.skipped,
      times: filter.times.range)
  }

  /// A file of rules.
  func document(_ file: String) throws -> JSON5Value {
    var text = ByteBuffer()
    do {
      let source = try disk.open(file)
      while try source.read(into: &text, upTo: 1 << 16) > 0 {
        guard text.count <= JSON5.maxBytes else { break }
      }
    } catch {
      throw UsageError("\(error): name a file of rules")
    }
    return try JSON5.parse(text.view, file: file)
  }
}

/// From when to when events are.
final class EventTimes: Sendable {
  private let found = Mutex<ClosedRange<Int64>?>(nil)

  var range: ClosedRange<Int64>? { found.withLock { $0 } }

  /// Takes in the times of a batch. Any worker may call it.
  func add(_ batch: Batch) {
    var (first, last) = (Int64.max, Int64.min)
    for index in 0..<batch.records.count where batch.records[index].time != Record.noTime {
      first = min(first, batch.records[index].time)
      last = max(last, batch.records[index].time)
    }
    guard first <= last else { return }
    found.withLock { range in
      range = min(first, range?.lowerBound ?? first)...max(last, range?.upperBound ?? last)
    }
  }
}

/// Lets the events pass for which one of a few conditions holds.
struct ConditionFilter: PureStage {
  /// Those of all events.
  let times = EventTimes()
  private let conditions: [Condition]
  private let gate: ConditionGate

  init(_ conditions: [Condition]) {
    self.conditions = conditions
    gate = ConditionGate(conditions)
  }

  func process(_ batch: Batch, step: Int) {
    times.add(batch)
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      guard gate.admits(batch, index), conditions.contains(where: { $0.holds(batch, index) })
      else {
        batch.filter(index, by: step)
        continue
      }
    }
  }
}
