internal import Bytes
internal import Definition
internal import Engine
internal import JSONText
internal import Stages
internal import Terminal
internal import Trail

/// What the steps of a plan did with the records of one batch, for `trailmill explain`.
struct BatchStory {
  /// What one step has to say of one record.
  private struct Chapter {
    var stage: String
    var sentences: [String]
    /// Members of the step's JSON object, for programs.
    var facts: [(name: String, json: String)] = []
  }

  private let plan: CompiledPlan
  private let added: Added
  private let input: String
  /// What the steps have to say, by record.
  private var chapters: [[Chapter]] = []

  /// `input` is the name of the batch's input.
  init(_ plan: CompiledPlan, _ input: String) {
    self.plan = plan
    added = Added(plan.names)
    self.input = input
  }

  /// Takes a batch through all steps and notes what each does.
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
      if number == 0 { chapters = Array(repeating: [], count: batch.records.count) }
      for index in 0..<batch.records.count {
        describe(batch, index, number, stage as? any Explaining, before)
      }
    }
  }

  private mutating func describe(
    _ batch: Batch, _ index: Int, _ number: Int, _ stage: (any Explaining)?, _ before: Snapshot
  ) {
    let record = batch.records[index]
    var chapter = Chapter(stage: plan.stepNames[number], sentences: [])
    // What the intake turns away is decided before the first step has a number: by -1.
    if max(0, Int(record.decidedBy)) == number, record.verdict != .keep {
      chapter.sentences = why(batch, index, stage)
    } else if record.verdict == .keep {
      chapter.sentences = stage?.explain(batch, index) ?? []
      chapter.facts = stage?.facts(batch, index) ?? []
      if number > 0, before.body(of: index) != record.body {
        chapter.sentences.append("the event itself was altered")
      }
      if number == 0 { chapter.sentences.append(whatWasRead(batch, index)) }
    }
    if !chapter.sentences.isEmpty { chapters[index].append(chapter) }
  }

  private func whatWasRead(_ batch: Batch, _ index: Int) -> String {
    let record = batch.records[index]
    var words = [record.isDelivery ? "a delivery in an envelope" : "an event"]
    if let time = Timestamp(microseconds: record.time), record.time != Record.noTime {
      words.append("time \(time.rfc3339)")
    } else {
      words.append("no usable time")
    }
    for role in [Role.account, .action, .actor, .key, .token, .run] {
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

  // MARK: Writing

  /// For people: a line for each record, and one for each sentence about it.
  func text(_ batch: Batch, records: Int, firstOrdinal: Int) -> String {
    var text = ""
    for index in 0..<records {
      let offset = batch.inputOffset + Int(batch.records[index].raw.start)
      text += Console.printable("record \(firstOrdinal + index) of \(input), byte \(offset)") + "\n"
      for chapter in chapters[index] {
        for sentence in chapter.sentences {
          text += Console.printable("  \(chapter.stage): \(sentence)") + "\n"
        }
      }
      guard let written = written(batch, index) else { continue }
      text += Console.printable("  written: \(written)") + "\n"
    }
    return text
  }

  /// One object a line: `record`, `file`, `offset`, `verdict`, `steps`, `written`.
  func json(_ batch: Batch, records: Int, firstOrdinal: Int) -> String {
    (0..<records).map { json(batch, $0, ordinal: firstOrdinal + $0) }.joined()
  }

  private func json(_ batch: Batch, _ index: Int, ordinal: Int) -> String {
    let record = batch.records[index]
    let chapters = chapters[index]
    var line = JSONWriter()
    line.member("record", Int64(ordinal))
    line.member("file", input)
    line.member("offset", Int64(batch.inputOffset + Int(record.raw.start)))
    line.member("verdict", BatchStory.name(record.verdict))
    line.member("steps", objects: chapters.count) { number, step in
      step.member("stage", chapters[number].stage)
      step.member("says", chapters[number].sentences)
      for (name, json) in chapters[number].facts { step.member(named: name, json: json) }
    }
    if let written = written(batch, index) { line.member(named: "written", json: written) }
    return line.finishLine()
  }

  private static func name(_ verdict: Verdict) -> String {
    switch verdict {
    case .keep: "written"
    case .duplicate: "duplicate"
    case .filtered: "filtered"
    case .unreadable: "unreadable"
    case .refused: "refused"
    }
  }

  private func written(_ batch: Batch, _ index: Int) -> String? {
    guard batch.records[index].verdict == .keep else { return nil }
    var line = ByteBuffer()
    added.append(batch, index, to: &line)
    return String(decoding: line.view, as: UTF8.self)
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
