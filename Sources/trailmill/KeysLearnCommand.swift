internal import Bytes
internal import Definition
internal import Disk
internal import Engine
internal import Intake
internal import JSONText
internal import Settings
internal import Trail

/// `trailmill keys learn`: a versioned key directory from what the trail itself tells.
enum KeysLearnCommand: Command {
  static let syntax = CommandSyntax(
    name: "keys learn", arguments: "ARCHIVE|INPUT…", count: 1...1_000_000,
    summary: "build a versioned key directory from the trail itself",
    details: [
      """
      Reads the events that create, change and delete API keys, and writes rows with valid_from and
      valid_to that "resolve_keys" takes as they are; each names the event that it came from
      (learned_from). The order of the inputs does not matter. A folder is read recursively: of an
      archive its published parts. No secret is ever copied.
      """,
      """
      Where events tell this is built in for the dialects spacelift and coder. FILE of --rules has
      rules of your own, which are tried first: docs/keys.md. Events that change a key and cannot be
      used are counted, and the first 20 named, on standard error.
      """,
    ],
    options: [
      OptionSyntax(
        name: "dialect", value: "NAME", summary: "whose events these are; default: spacelift"),
      OptionSyntax(
        name: "definition", value: "FILE",
        summary: "take dialect, format, records and envelopes from this definition"),
      RunCommand.setOption,
      OptionSyntax(name: "rules", value: "FILE", summary: "where events tell that a key changed"),
      OptionSyntax(
        name: "output", value: "PATH|-", summary: "write there, whole or not at all"),
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let disk = Disk()
    let reading = try Reading(arguments, disk)
    var table = PointerTable()
    let reader = RecordReader(
      settings: reading.settings, dialect: reading.dialect, table: &table)
    let bound = reading.dialect.bind(&table)
    let rules = try KeyChangeRules(
      file: try arguments.value("rules").map { try document($0, disk) },
      dialect: reading.dialect.base, table: &table)
    guard !rules.rules.isEmpty else {
      throw UsageError(
        "nothing is built in about the keys of the dialect \"\(reading.dialect.name)\": give --rules FILE"
      )
    }
    let source = try InputSource(
      disk: disk, inputs: arguments.arguments, settings: reading.settings, digestsInputs: false,
      tailWaits: false)
    let sink = LearningSink(KeyChangeReader(rules, bound), names: source.names)
    let tally = try Runner.run(
      Plan(
        source: source,
        steps: [.pure(reader), .pure(KeyChangeFilter(finder: KeyChangeFinder(rules)))], sink: sink,
        pointers: PointerSet(table.pointers), slotCount: Added.slotCount),
      threads: Runner.defaultThreads)
    return try finish(tally, source, sink, reading, arguments.value("output"), disk)
  }

  private static func finish(
    _ tally: Tally, _ source: InputSource, _ sink: LearningSink, _ reading: Reading,
    _ output: String?, _ disk: Disk
  ) throws -> ExitCode {
    sink.report()
    if let excess = Excess.check(tally, reading.limits) {
      Console.message("\(excess): nothing was written")
      return .quarantine
    }
    let changes = sink.learner.changeCount
    let versions = sink.learner.finish()
    try write(versions, to: output, disk)
    var keys = 0
    for (index, version) in versions.enumerated()
    where index == 0 || versions[index - 1].id != version.id {
      keys += 1
    }
    for pattern in source.unmatchedPatterns {
      Console.message("matches nothing: \(pattern)")
    }
    Console.message(
      "\(tally.read) records read, \(changes) changes of \(keys) keys found, \(versions.count) rows written, \(sink.unusable) changes not usable, \(tally.unreadable) records unreadable, \(source.skipped) names skipped"
    )
    return .success
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

  private static func write(_ versions: [KeyVersion], to path: String?, _ disk: Disk) throws {
    var text = ByteBuffer(capacity: 1 << 16)
    let file = try path.flatMap { $0 == "-" ? nil : $0 }.map { try AtomicFile(disk, path: $0) }
    let target = file?.file ?? disk.standardOutput
    for version in versions {
      version.append(to: &text)
      text.append(UInt8(ascii: "\n"))
      guard text.count >= 1 << 16 else { continue }
      try target.write(all: text.view)
      text.removeAll()
    }
    try target.write(all: text.view)
    try file?.commit()
  }

  /// How the inputs are read.
  private struct Reading {
    var settings = InputSettings()
    var dialect: Dialect
    var limits = PipelineDefinition.Limits()

    init(_ arguments: CommandArguments, _ disk: Disk) throws {
      let name = arguments.value("dialect")
      guard let file = arguments.value("definition") else {
        guard !arguments.has("set") else { throw UsageError("--set is for a --definition") }
        do {
          dialect = try Dialect.named(name ?? "spacelift")
        } catch {
          throw UsageError("\(error)")
        }
        return
      }
      guard name == nil else {
        throw UsageError("--dialect and --definition both say whose events these are: give one")
      }
      let definition = try RunCommand.definition(
        file, disk: disk, set: try RunCommand.assignments(arguments),
        environment: Process.environment)
      settings = definition.input.settings
      dialect = definition.input.dialect
      limits = definition.limits
    }
  }
}

/// Lets the events pass that change a key.
private struct KeyChangeFilter: PureStage {
  let finder: KeyChangeFinder

  func process(_ batch: Batch, step: Int) {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      if finder.rule(batch, index) == nil { batch.filter(index, by: step) }
    }
  }
}

/// Takes in what the events tell; nothing else of them is kept.
private final class LearningSink: Sink {
  private final class Nothing: SinkAttachment {}

  /// How many events that cannot be used are named.
  private static let mostNamed = 20

  private let reader: KeyChangeReader
  private let names: [String]
  private(set) var learner = KeyLearner()
  /// Changes that could not be used.
  private(set) var unusable = 0
  private var problems = 0
  private var named: [String] = []

  init(_ reader: KeyChangeReader, names: [String]) {
    self.reader = reader
    self.names = names
  }

  func makeAttachment() -> any AnyObject & SinkAttachment { Nothing() }
  func render(_ batch: Batch) {}

  func admit(_ batch: Batch) {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let (file, record) = (names[batch.input], batch.firstOrdinal + index)
      guard let reading = reader.read(batch, index, file: file, record: record) else { continue }
      if let change = reading.change { learner.add(change) } else { unusable += 1 }
      for problem in reading.problems {
        problems += 1
        guard named.count < Self.mostNamed else { continue }
        let what =
          problem.isPartial ? "not all of an event was learned" : "an event was not learned"
        named.append("\(what): \(problem.reason): \(file), record \(record)")
      }
    }
  }

  func drain(_ batch: Batch) -> Bool { false }
  func encode(_ batch: Batch) {}
  func write(_ batch: Batch) {}

  /// Names what could not be used.
  func report() {
    for line in named { Console.message(line) }
    let rest = problems - named.count
    if rest > 0 { Console.message("… and \(rest) more") }
  }
}
