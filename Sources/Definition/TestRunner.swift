internal import Bytes
package import Disk
internal import Engine
internal import Intake
internal import JSONText
package import Settings
internal import Stages
internal import Trail

/// Runs the tests block of a definition: the same plan and the same engine as a run, with input and
/// output in memory.
package struct TestRunner {
  /// A test that did not come out as expected.
  package struct Failure: Sendable {
    /// The test.
    package let test: String
    /// Where what is wrong was written.
    package let position: SourcePosition
    /// What is wrong.
    package let message: String
  }

  private let file: String
  private let disk: Disk
  private let set: [String: String]
  private let environment: [String: String]

  /// For the definition in `file`, with the variables of the command line.
  package init(
    file: String, disk: Disk, set: [String: String], environment: [String: String]
  ) {
    self.file = file
    self.disk = disk
    self.set = set
    self.environment = environment
  }

  /// What came of a definition's tests.
  package struct Report: Sendable {
    /// Those that fail.
    package internal(set) var failures: [Failure] = []
    /// Which pointers of the dialect had something to find.
    package internal(set) var dialectUse = DialectUse()
    /// Times in the records of tests that cannot be read.
    package internal(set) var timeWarnings: [DialectUse.Warning] = []
    /// Events that are written.
    package internal(set) var events = 0
    /// Those of them that one of several may have made, and nobody is named.
    package internal(set) var ambiguous = 0
  }

  /// Runs `tests` and says what came of them. Throws if a plan cannot be made.
  package func run(_ tests: [DefinitionTest]) throws -> Report {
    var report = Report()
    for test in tests {
      if let failure = try run(test, &report) { report.failures.append(failure) }
    }
    return report
  }

  private func run(_ test: DefinitionTest, _ report: inout Report) throws -> Failure? {
    let environment = environment.merging(test.environment) { $1 }
    let definition = try PipelineDefinition.load(
      file, disk: disk,
      variables: Variables(set: set.merging(test.set) { $1 }, environment: environment))
    let plan = try definition.compile(
      services: StageServices(disk: disk, environment: environment))
    let witness = DialectWitness(definition.input.dialect, plan.dialect)
    // Behind the first step, which reads: what later ones alter was there all the same.
    let steps = plan.steps.prefix(1) + [.ordered(witness)] + plan.steps.dropFirst()
    let names = plan.stepNames.prefix(1) + ["tests"] + plan.stepNames.dropFirst()
    let sink = CollectingSink(stepNames: Array(names), Added(plan.names))
    let source = MemorySource(try text(of: test))
    _ = try Runner.run(
      Plan(
        source: source, steps: Array(steps), sink: sink, pointers: plan.pointers,
        slotCount: Added.slotCount, labelCount: plan.labelCount),
      threads: 1)
    report.dialectUse.add(witness.use)
    if let time = witness.unreadableTime {
      report.timeWarnings.append(
        (
          test.position,
          "test \"\(test.name)\" has an event whose time is not read: \(time.sentence)"
        ))
    }
    report.events += sink.outcomes.count { $0.verdict == .keep }
    report.ambiguous += sink.ambiguous
    return compare(sink.outcomes, with: test)
  }

  /// The input as NDJSON: a definition's framing is about files, its tests are about records.
  private func text(of test: DefinitionTest) throws -> ByteBuffer {
    var text = ByteBuffer()
    for value in test.input {
      if let raw = value.string {
        text.append(utf8: raw)
      } else {
        try value.json(into: &text)
      }
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  private func compare(_ outcomes: [Outcome], with test: DefinitionTest) -> Failure? {
    for (outcome, expected) in zip(outcomes, test.expect) {
      if let message = difference(outcome, expected.expectation) {
        return Failure(test: test.name, position: expected.position, message: message)
      }
    }
    guard outcomes.count != test.expect.count else { return nil }
    return Failure(
      test: test.name, position: test.position,
      message: "\(outcomes.count) records were read, \(test.expect.count) are expected")
  }

  private func difference(
    _ outcome: Outcome, _ expectation: DefinitionTest.Expectation
  ) -> String? {
    switch (outcome.verdict, expectation) {
    case (.duplicate, .duplicate), (.filtered, .filtered): return nil
    case (.refused, .quarantined(let reason)), (.unreadable, .quarantined(let reason)):
      if reason.isEmpty || outcome.text.contains(reason) { return nil }
      return "the record is in quarantine for another reason: \(outcome.text)"
    case (.keep, .written(let expected)):
      return written(outcome.text, expected)
    default:
      return "the record is \(outcome.description), expected \(expectation.description)"
    }
  }

  private func written(_ text: String, _ expected: JSON5Value) -> String? {
    var buffer = ByteBuffer()
    buffer.append(utf8: text)
    do {
      return Match.difference(try JSON5.parse(buffer.view, file: "the record"), expected)
    } catch {
      return "the record cannot be compared: \(error)"
    }
  }
}

/// What became of one record.
private struct Outcome {
  var verdict: Verdict
  /// The record as written, or why it was turned away.
  var text: String

  var description: String {
    switch verdict {
    case .keep: "written: \(text)"
    case .duplicate: "a duplicate"
    case .filtered: "filtered"
    case .unreadable, .refused: "in quarantine: \(text)"
    }
  }
}

extension DefinitionTest.Expectation {
  fileprivate var description: String {
    switch self {
    case .written: "a record that is written"
    case .duplicate: "a duplicate"
    case .filtered: "a filtered record"
    case .quarantined(let reason): reason.isEmpty ? "quarantine" : "quarantine: \(reason)"
    }
  }
}

/// One batch of lines.
private final class MemorySource: Source {
  private var text: ByteBuffer
  private var isDone = false

  init(_ text: consuming ByteBuffer) { self.text = text }

  func fill(_ batch: Batch) -> Bool {
    if isDone { return false }
    isDone = true
    batch.bytes.append(text.view)
    batch.inputCount = text.count
    return true
  }

  func cancel() {}
}

/// Keeps what became of every record.
private final class CollectingSink: ReadingSink {
  private let stepNames: [String]
  private let added: Added
  private(set) var outcomes: [Outcome] = []
  private(set) var ambiguous = 0

  init(stepNames: [String], _ added: Added) {
    self.stepNames = stepNames
    self.added = added
  }

  func admit(_ batch: Batch) {
    var line = ByteBuffer()
    for index in 0..<batch.records.count {
      let record = batch.records[index]
      line.removeAll()
      if record.verdict == .keep {
        added.append(batch, index, to: &line)
        let match = batch.bytes[batch[.match, index]]
        if match.elementsEqual("\"\(ClaimMatch.ambiguous.name)\"".utf8) { ambiguous += 1 }
      }
      let text =
        record.verdict == .keep
        ? String(decoding: line.view, as: UTF8.self)
        : record.verdict.isQuarantined
          ? "\(stepNames[max(0, Int(record.decidedBy))]): \(batch.reason(of: index))" : ""
      outcomes.append(Outcome(verdict: record.verdict, text: text))
    }
  }
}
