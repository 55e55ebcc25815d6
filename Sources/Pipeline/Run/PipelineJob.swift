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
  /// A run under this plan has found records before.
  let hasFoundRecords: Bool
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
    facts.inputs = try inputs.facts.map {
      RecordedInput(
        $0, records: tally.recordsByInput[$0.number] ?? 0, try account($0, tally),
        definition.input.settings)
    }
    return facts
  }

  /// What became of an input's bytes. Throws if any is not accounted for: then the run must not be believed.
  private func account(_ input: InputFacts, _ tally: Tally) throws(UnaccountedBytes) -> TextAccount
  {
    let account = TextAccount(input, tally.bytesByInput[input.number] ?? ByteCounts())
    guard account.isBalanced else { throw UnaccountedBytes(input: input.name, account: account) }
    return account
  }

  func verdict(_ tally: Tally, _ facts: RunFacts, _ plan: CompiledPlan) throws -> RunVerdict {
    if let missing = recordsNowhere { return .refuse(missing, keepsQuarantine: false) }
    let excess = QuarantineLimits.excess(
      tally, request.definition.limits, hiding: plan.secrets
    ) {
      recognised.origin($0)
    }
    if let excess {
      return .refuse(excess, keepsQuarantine: !request.isDryRun)
    }
    return request.isDryRun ? .rehearse : .publish
  }

  /// The pointer to the records found its place in none of the documents that were read, and never did under
  /// this plan: then it is wrong.
  private var recordsNowhere: String? {
    guard let records = request.definition.input.settings.records else { return nil }
    return hasFoundRecords ? nil : InputFacts.recordsNowhere(records, inputs.facts)
  }

  func describe(_ summary: inout RunSummary) {
    describeBytes(&summary, inputs.facts)
    summary.pending = inputs.facts.filter { $0.pendingBytes > 0 }.count
    summary.skipped = inputs.skipped
    (summary.known, summary.continued) = recognised.counts
    summary.notices += recognised.list.unmatched.map { "nothing matches the pattern \($0)" }
    let empty = inputs.facts.filter { $0.documentsWithoutRecords > 0 && $0.damage == nil }
    if empty.count > 3 {
      let documents = empty.reduce(0) { $0 + $1.documentsWithoutRecords }
      summary.notices.append(
        "\(Figures.grouped(documents)) documents of \(Figures.grouped(empty.count)) inputs have no "
          + "records: the first is in \(empty[0].name)")
    }
    summary.notices += PipelineJob.notices(of: inputs.leftOut) + recognised.notices
    summary.notices += inputs.facts.compactMap { facts in
      if let damage = facts.damage {
        let lost = Figures.grouped(facts.bytes - damage.compressedOffset)
        return "\(facts.name) is damaged from byte \(damage.offset) on: \(damage.reason); "
          + "\(lost) compressed bytes lie behind"
      }
      guard facts.documentsWithoutRecords > 0, empty.count <= 3 else { return nil }
      return "\(facts.name): \(facts.documentsWithoutRecords) documents have no records"
    }
  }

  private func describeBytes(_ summary: inout RunSummary, _ inputs: [InputFacts]) {
    let accounts = inputs.map {
      TextAccount($0, summary.tally.bytesByInput[$0.number] ?? ByteCounts())
    }
    summary.bytes = accounts
    summary.pendingBytes = inputs.reduce(0) { $0 + $1.pendingBytes }
    for (input, account) in zip(inputs, accounts) {
      let length = account.to - account.from
      guard account.beside > length / 10 else { continue }
      summary.notices.append(
        "\(input.name): \(Figures.grouped(Int(account.beside))) of \(Figures.grouped(Int(length))) bytes lie "
          + "beside the records")
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
