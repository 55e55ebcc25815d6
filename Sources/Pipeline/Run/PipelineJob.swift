internal import Bytes
internal import Definition
internal import Disk
internal import Engine
internal import History
internal import Intake
internal import Settings

/// Records out of files, folders and pipes.
struct PipelineJob: RunJob {
  let request: RunRequest
  let inputs: InputSource
  let recognised: RecognisedInputs
  /// What recognises inputs that come once; nil where nobody asks the ledger.
  let recognition: InputRecognition?
  let disk: Disk
  let tool: String

  var source: any Source { inputs }
  var totalBytes: Int? { recognised.list.totalSize }
  var bytesRead: Int { inputs.progress.bytesRead }

  func origin(_ input: Int) -> (file: String, recordsBefore: Int) { recognised.origin(input) }

  func facts(_ tally: Tally, started: Timestamp, _ plan: CompiledPlan) throws -> RunFacts {
    let definition = request.definition
    var facts = try RunFacts(
      request.mode == .replace ? .replace : .run, reason: request.reason, definition, plan, tally,
      started: started, tool: tool)
    facts.window = request.window
    facts.inputs = inputs.facts.map {
      RecordedInput(
        $0, records: tally.recordsByInput[$0.number] ?? 0, definition.input.settings)
    }
    return facts
  }

  func verdict(_ tally: Tally, _ facts: RunFacts) throws -> RunVerdict {
    if let numbers = try readBefore(facts.inputs) { return .readBefore(numbers) }
    if let excess = QuarantineLimits.excess(tally, request.definition.limits) {
      return .refuse(excess, keepsQuarantine: !request.isDryRun)
    }
    return request.isDryRun ? .rehearse : .publish
  }

  func describe(_ summary: inout RunSummary) {
    summary.pending = inputs.facts.filter { $0.pendingBytes > 0 }.count
    summary.skipped = recognised.list.skipped
    (summary.known, summary.continued) = recognised.counts
    summary.notices += recognised.list.unmatched.map { "nothing matches the pattern \($0)" }
    summary.notices += inputs.facts.compactMap { facts in
      if let damage = facts.damage {
        return "\(facts.name) is damaged from byte \(damage.offset) on: \(damage.reason)"
      }
      guard facts.documentsWithoutRecords > 0 else { return nil }
      return "\(facts.name): \(facts.documentsWithoutRecords) documents have no records"
    }
  }

  /// Inputs that could be recognised only now, as they come once, and whose records would be archived
  /// a second time; nil if there are none.
  private func readBefore(_ recorded: [RecordedInput]) throws -> [Int]? {
    guard let recognition, !request.definition.deduplicates else { return nil }
    let numbers = zip(inputs.facts, recorded).compactMap { facts, input in
      facts.continued == nil && recognition.wasRead(input) ? facts.number : nil
    }
    guard !numbers.isEmpty else { return nil }
    // What came through a pipe comes once: nobody could read it again.
    let others = inputs.facts.filter { facts in
      !numbers.contains(facts.number)
        && (facts.name == "-" || (try? disk.stat(facts.name).kind) != .regular)
    }
    if let other = others.first {
      throw UsageError(
        "an input turned out to have been read before: \(recognised.list.paths[numbers[0]]), and "
          + "\(other.name) cannot be read again without it: give pipes one at a time, or add the stage "
          + "deduplicate")
    }
    return numbers
  }
}
