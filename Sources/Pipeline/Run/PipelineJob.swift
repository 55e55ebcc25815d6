internal import Bytes
internal import Definition
internal import Disk
internal import Engine
internal import History
internal import Intake

/// Records out of files, folders and pipes.
struct PipelineJob: RunJob {
  let request: RunRequest
  let inputs: InputSource
  let recognised: RecognisedInputs
  let tool: String

  var source: any Source { inputs }
  var totalBytes: Int? { recognised.list.totalSize }
  var bytesRead: Int { inputs.progress.bytesRead }

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
    if let excess = QuarantineLimits.excess(tally, request.definition.limits) {
      return .refuse(excess, keepsQuarantine: !request.isDryRun)
    }
    return request.isDryRun ? .rehearse : .publish
  }

  func describe(_ summary: inout RunSummary) {
    summary.pending = inputs.facts.filter { $0.pendingBytes > 0 }.count
    summary.skipped = inputs.skipped
    (summary.known, summary.continued) = recognised.counts
    summary.notices += recognised.list.unmatched.map { "nothing matches the pattern \($0)" }
    summary.notices += PipelineJob.notices(of: inputs.leftOut) + recognised.notices
    summary.notices += inputs.facts.compactMap { facts in
      if let damage = facts.damage {
        return "\(facts.name) is damaged from byte \(damage.offset) on: \(damage.reason)"
      }
      guard facts.documentsWithoutRecords > 0 else { return nil }
      return "\(facts.name): \(facts.documentsWithoutRecords) documents have no records"
    }
  }

  /// Names that are told of those that were left out.
  private static let named = 20

  private static func notices(of leftOut: [LeftOut]) -> [String] {
    var notices = leftOut.prefix(named).map { "left out: \($0.path): \($0.reason.rawValue)" }
    if leftOut.count > named { notices.append("left out: \(leftOut.count - named) more names") }
    return notices
  }
}
