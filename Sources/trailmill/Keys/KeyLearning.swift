internal import Bytes
internal import Definition
internal import Disk
internal import Engine
internal import History
internal import Intake
internal import JSONText
internal import Pipeline
internal import Settings
internal import Terminal
internal import Trail

/// Reads inputs for what their events tell of API keys.
struct KeyLearning {
  /// Whose events they are.
  enum Origin {
    /// Those of a built-in dialect.
    case dialect(String)
    /// As a definition reads them.
    case definition(DefinitionOptions)
  }

  /// What was learned.
  struct Result {
    let records: Int
    let unreadable: Int
    let versions: [KeyVersion]
    let changes: Int
    /// Changes that could not be used.
    let unusable: Int
    /// Changes of which something could not be used.
    let partial: Int
    /// What could not be learned, for people: the first ones, and how many more there are.
    let problems: [String]
    /// More records are unreadable than the definition allows, or none are where it says; nil if all is well.
    let excess: String?
    let unmatchedPatterns: [String]
    /// Names that were passed over in folders.
    let skipped: Int

    /// How many keys the versions are of, which are sorted by key.
    var keys: Int {
      versions.indices.filter { $0 == 0 || versions[$0 - 1].id != versions[$0].id }.count
    }
  }

  private let settings: InputSettings
  private var rules = RecordRules()
  private let dialect: Dialect
  private let limits: PipelineDefinition.Limits

  init(_ origin: Origin, _ disk: Disk) throws {
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

  /// Learns from inputs; `file` has rules that are tried before those that are built in.
  func run(_ inputs: [String], rules file: String?, _ disk: Disk) throws -> Result {
    var table = PointerTable()
    let reader = RecordReader(
      settings: settings, dialect: dialect, rules: self.rules, table: &table)
    let bound = dialect.bind(&table)
    let rules = try KeyChangeRules(
      file: try file.map { try KeyLearning.document($0, disk) }, dialect: dialect.base,
      table: &table)
    guard !rules.rules.isEmpty else {
      throw UsageError(
        "nothing is built in about the keys of the dialect \"\(dialect.name)\": "
          + "give --rules FILE")
    }
    let source = try InputSource(
      disk: disk, inputs: inputs, published: PublishedParts(disk).files, settings: settings,
      digestsInputs: false, tailWaits: false)
    let sink = KeyChangeSink(KeyChangeReader(rules, bound), names: source.names)
    let tally = try Runner.run(
      Plan(
        source: source,
        steps: [.pure(reader), .pure(KeyChangeFilter(finder: KeyChangeFinder(rules)))], sink: sink,
        pointers: PointerSet(table.pointers), slotCount: Added.slotCount),
      threads: Runner.defaultThreads)
    let learner = sink.learner
    let changes = learner.changeCount
    return Result(
      records: tally.read, unreadable: tally.unreadable, versions: learner.finish(),
      changes: changes, unusable: sink.unusable, partial: sink.partial,
      problems: sink.namedProblems,
      excess: QuarantineLimits.excess(tally, limits, hiding: nil) { (source.names[$0], 0) }
        ?? settings.records.flatMap { InputFacts.recordsNowhere($0, source.facts) },
      unmatchedPatterns: source.unmatchedPatterns, skipped: source.skipped)
  }

  private static func document(_ file: String, _ disk: Disk) throws -> JSON5Value {
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
