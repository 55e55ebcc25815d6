internal import Bytes
internal import Definition
internal import Disk
internal import Engine
internal import Intake
internal import Settings
internal import Stages
internal import Trail

/// `trailmill explain`: record by record, what each step did and why this actor is shown.
enum ExplainCommand: Command {
  static let syntax = CommandSyntax(
    name: "explain", arguments: "DEFINITION [INPUT…]", count: 1...1_000_000,
    summary: "say record by record what each stage did; nothing is written",
    options: [
      RunCommand.setOption,
      OptionSyntax(name: "limit", value: "N", summary: "stop after N records"),
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    var limit = Int.max
    if let text = arguments.value("limit") {
      guard let number = Int(text), number > 0 else {
        throw UsageError("--limit must be a number from 1 on, found \"\(text)\"")
      }
      limit = number
    }
    let disk = Disk()
    let environment = Process.environment
    let definition = try RunCommand.definition(
      arguments.arguments[0], disk: disk, set: try RunCommand.assignments(arguments),
      environment: environment)
    let plan = try definition.compile(disk: disk, environment: environment)
    let given = Array(arguments.arguments.dropFirst())
    let inputs = given.isEmpty ? definition.input.paths : given
    guard !inputs.isEmpty else {
      throw UsageError("no input: name files, folders or \"-\", or set input.paths")
    }
    let source = try InputSource(
      disk: disk, inputs: inputs, settings: definition.input.settings, digestsInputs: false,
      tailWaits: definition.isArchived)
    let batch = Batch(
      pointers: plan.pointers, slotCount: Added.slotCount,
      labelCount: plan.labelCount)
    var ordinals: [Int: Int] = [:]
    while limit > 0, try source.fill(batch) {
      var story = BatchStory(plan, source.names[batch.input])
      try story.follow(batch)
      let first = ordinals[batch.input, default: 0]
      ordinals[batch.input] = first + batch.records.count
      let count = min(limit, batch.records.count)
      try Console.output(story.text(batch, records: count, firstOrdinal: first + 1))
      limit -= count
      batch.clear()
    }
    return .success
  }
}

/// What the steps did with the records of one batch.
private struct BatchStory {
  private let plan: CompiledPlan
  private let input: String
  /// Sentences by record.
  private var sentences: [[String]] = []

  init(_ plan: CompiledPlan, _ input: String) {
    self.plan = plan
    self.input = input
  }

  mutating func follow(_ batch: Batch) throws {
    for (number, step) in plan.steps.enumerated() {
      let before = Snapshot(batch)
      let stage: Any
      switch step {
      case .pure(let pure):
        try pure.process(batch, step: number)
        stage = pure
      case .ordered(let ordered):
        try ordered.process(batch, step: number)
        stage = ordered
      }
      if number == 0 { sentences = Array(repeating: [], count: batch.records.count) }
      for index in 0..<batch.records.count {
        describe(batch, index, number, stage as? any Explaining, before)
      }
    }
  }

  private mutating func describe(
    _ batch: Batch, _ index: Int, _ number: Int, _ stage: (any Explaining)?, _ before: Snapshot
  ) {
    let name = plan.stepNames[number]
    let record = batch.records[index]
    // What the intake turns away is decided before the first step has a number: by -1.
    if max(0, Int(record.decidedBy)) == number, record.verdict != .keep {
      sentences[index] += why(batch, index, stage).map { "\(name): \($0)" }
      return
    }
    guard record.verdict == .keep else { return }
    for sentence in stage?.explain(batch, index) ?? [] {
      sentences[index].append("\(name): \(sentence)")
    }
    if number > 0, before.body(of: index) != record.body {
      sentences[index].append("\(name): the event itself was altered")
    }
    if number == 0 { sentences[index].append("\(name): \(whatWasRead(batch, index))") }
  }

  private func whatWasRead(_ batch: Batch, _ index: Int) -> String {
    let record = batch.records[index]
    var words = [record.isDelivery ? "a delivery in an envelope" : "an event"]
    if let time = Timestamp(microseconds: record.time), record.time != Record.noTime {
      var text = ByteBuffer()
      time.append(rfc3339To: &text)
      words.append("time \(String(decoding: text.view, as: UTF8.self))")
    } else {
      words.append("no usable time")
    }
    for role in [Role.account, .action, .actor, .key, .token] {
      guard let span = plan.dialect.scalar(role, batch, index) else { continue }
      words.append("\(role.rawValue) \(String(decoding: batch.bytes[span], as: UTF8.self))")
    }
    return words.joined(separator: ", ")
  }

  /// Why a record that the stage decided about goes no further.
  private func why(_ batch: Batch, _ index: Int, _ stage: (any Explaining)?) -> [String] {
    switch batch.records[index].verdict {
    case .unreadable: ["quarantined, unreadable: \(batch.reason(of: index))"]
    case .refused: ["quarantined, refused: \(batch.reason(of: index))"]
    case .keep, .duplicate, .filtered: stage?.explain(batch, index) ?? []
    }
  }

  func text(_ batch: Batch, records: Int, firstOrdinal: Int) -> String {
    var text = ""
    var line = ByteBuffer()
    for index in 0..<records {
      let record = batch.records[index]
      let offset = batch.inputOffset + Int(record.raw.start)
      text += Console.printable("record \(firstOrdinal + index) of \(input), byte \(offset)") + "\n"
      for sentence in sentences[index] { text += Console.printable("  \(sentence)") + "\n" }
      guard record.verdict == .keep else { continue }
      line.removeAll()
      Added.append(batch, index, to: &line)
      text += Console.printable("  written: \(String(decoding: line.view, as: UTF8.self))") + "\n"
    }
    return text
  }
}

/// The bodies before a step.
private struct Snapshot {
  private var bodies: [Span32] = []

  init(_ batch: Batch) {
    for index in 0..<batch.records.count { bodies.append(batch.records[index].body) }
  }

  func body(of index: Int) -> Span32 { bodies.indices.contains(index) ? bodies[index] : .empty }
}
