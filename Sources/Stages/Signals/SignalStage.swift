package import Bytes
package import Engine
internal import JSONText
package import Trail

/// What earlier runs have seen of keys and accounts. An archive has it; the stage knows none.
package protocol SignalMemory: AnyObject, Sendable {
  /// The text that `SignalStage.memory` of the last run gave; nil if there was none, so that this run learns
  /// what is usual. Asked once, before the first record.
  func recall() throws -> [UInt8]?
}

/// Where the list of signals goes.
package protocol SignalList: AnyObject, Sendable {
  /// Takes lines of NDJSON, each with its line feed, in the order of the input.
  func take(_ lines: ByteView) throws
  /// The name of input `input`, and how many of its records earlier runs have read.
  func origin(ofInput input: Int) -> (file: String, recordsBefore: Int)
}

/// How often a rule held.
package struct SignalCount: Equatable, Sendable {
  /// The rule.
  package let name: String
  /// How severe it is.
  package let severity: Severity
  /// How often.
  package let count: Int
}

/// Decides, in the order of the input, which signals an event is, and lists them.
package final class SignalStage: OrderedStage, Explaining, Reporting {
  private let plan: SignalPlan
  private let list: (any SignalList)?
  private let watch: SignalHistory
  private let counters: [Int: SignalCounter]
  private var counts: [Int]
  private var marked = 0
  private var unlisted = 0
  private var ordinals: [Int: Int] = [:]
  private var lines = ByteBuffer(capacity: 1 << 12)
  private var isFinished = false

  init(_ plan: SignalPlan, _ memory: (any SignalMemory)?, _ list: (any SignalList)?) {
    self.plan = plan
    self.list = list
    watch = SignalHistory(memory, watchesSilence: !plan.silence.isEmpty)
    counts = Array(repeating: 0, count: plan.rules.count)
    var counters: [Int: SignalCounter] = [:]
    for (number, rule) in plan.rules.enumerated() {
      if case .own(let own) = rule.test, let threshold = own.threshold {
        counters[number] = SignalCounter(threshold)
      }
    }
    self.counters = counters
  }

  /// Marks the events of a batch.
  package func process(_ batch: Batch, step: Int) throws {
    try watch.begin()
    let before = ordinals[batch.input, default: 0]
    ordinals[batch.input] = before + batch.records.count
    for index in 0..<batch.records.count {
      switch batch.records[index].verdict {
      case .keep: judge(batch, index, before + index + 1)
      case .refused: takeRefused(batch, index, before + index + 1)
      case .duplicate, .filtered, .unreadable: break
      }
    }
    try flush()
  }

  private func judge(_ batch: Batch, _ index: Int, _ ordinal: Int) {
    var set = SignalSet(batch.slot(AddedSlot.signalRules.rawValue, of: index))
    if !plan.newBlock.isEmpty || !plan.newCaller.isEmpty {
      let new = watch.take(KeyUse(batch, index))
      if new.block { set.formUnion(plan.newBlock) }
      if new.caller { set.formUnion(plan.newCaller) }
    }
    if !plan.silence.isEmpty { watch.takeAccount(plan.dialect, batch, index) }
    for rule in plan.own where set.contains(rule.number) {
      if let counter = counters[rule.number], !counter.take(batch, index, plan.dialect) {
        set.remove(rule.number)
      }
    }
    // What an earlier run had marked is marked anew, or is not any more.
    batch.setSlot(AddedSlot.signals.rawValue, of: index, .empty)
    guard !set.isEmpty else { return }
    marked += 1
    mark(set, batch, index)
    for number in plan.rules.indices where set.contains(number) {
      counts[number] += 1
      guard list != nil else { continue }
      SignalLine(plan.rules[number]).append(
        batch, index, plan.dialect, origin(batch, index, ordinal), to: &lines)
    }
  }

  private func mark(_ set: SignalSet, _ batch: Batch, _ index: Int) {
    let start = batch.bytes.count
    batch.bytes.append(UInt8(ascii: "["))
    for number in plan.rules.indices where set.contains(number) {
      if batch.bytes.count > start + 1 { batch.bytes.append(UInt8(ascii: ",")) }
      JSONString.append(quoting: plan.rules[number].name, to: &batch.bytes)
    }
    batch.bytes.append(UInt8(ascii: "]"))
    batch.setSlot(
      AddedSlot.signals.rawValue, of: index, Span32(start, count: batch.bytes.count - start))
  }

  /// A delivery that was turned away for its signature. Whatever it says proves nothing, and so is not listed.
  private func takeRefused(_ batch: Batch, _ index: Int, _ ordinal: Int) {
    guard !plan.signatureFailure.isEmpty,
      plan.signatureSteps.contains(Int(batch.records[index].decidedBy))
    else { return }
    // What comes back from the quarantine was listed when it went there.
    if batch.origins.indices.contains(index),
      batch.origins[index].stage == VerifySignature.manual.name
    {
      return
    }
    for number in plan.rules.indices where plan.signatureFailure.contains(number) {
      counts[number] += 1
      unlisted += 1
      SignalLine(plan.rules[number]).append(
        reason: batch.reason(of: index), origin(batch, index, ordinal), to: &lines)
    }
  }

  private func origin(_ batch: Batch, _ index: Int, _ ordinal: Int) -> SignalLine.Origin {
    if batch.origins.indices.contains(index) {
      return SignalLine.Origin(
        file: batch.origins[index].file, record: batch.origins[index].record)
    }
    let input = list?.origin(ofInput: batch.input) ?? (file: "", recordsBefore: 0)
    return SignalLine.Origin(file: input.file, record: input.recordsBefore + ordinal)
  }

  private func flush() throws {
    if lines.count > 0 { try list?.take(lines.view) }
    lines.removeAll()
    lines.trim(keeping: 1 << 20)
  }

  // MARK: The end of the run

  /// Judges what only the end of a run can tell: which accounts were silent. To be called once, after the
  /// last record.
  package func finish() throws {
    guard !isFinished else { return }
    isFinished = true
    try watch.begin()
    for number in plan.rules.indices where plan.silence.contains(number) {
      for account in watch.silentAccounts() {
        counts[number] += 1
        unlisted += 1
        SignalLine(plan.rules[number]).append(account: account, to: &lines)
      }
    }
    try flush()
  }

  /// What the next run has to know, and its number of lines; nil if there was nothing to remember it by.
  package func memory() -> (text: [UInt8], rows: Int)? { watch.text() }

  /// Marked records, deliveries without a valid signature, and silences.
  package var total: Int { marked + unlisted }

  /// The rules that held, in their order.
  package var found: [SignalCount] {
    plan.rules.indices.filter { counts[$0] > 0 }.map {
      SignalCount(
        name: plan.rules[$0].name, severity: plan.rules[$0].severity, count: counts[$0])
    }
  }

  /// The most severe of the signals; nil if there were none.
  package var worst: Severity? { found.map(\.severity).max() }

  // MARK: Telling

  /// Lines of the summary: each rule that held, the most severe first, and what was not judged.
  package var report: [ReportLine] {
    let sorted = found.enumerated().sorted {
      ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
    }
    var report = sorted.map { _, signal in
      ReportLine("signal", "\(signal.name) \(signal.count) (\(signal.severity.rawValue))")
    }
    if !plan.newBlock.isEmpty || !plan.newCaller.isEmpty, let words = watch.firstUseNotice {
      report.append(ReportLine("first uses of keys", words))
    }
    if watch.unwatchedAccounts {
      report.append(
        ReportLine(
          "silence",
          "only the first \(AccountDays.most) accounts are watched (most_accounts)"))
    }
    for number in counters.keys.sorted() where counters[number]?.hasForgotten == true {
      report.append(
        ReportLine(
          plan.rules[number].name,
          "more than \(SignalCounter.most) events to count (most_counted): it began anew"))
    }
    return report
  }

  /// Which signals a record is.
  package func explain(_ batch: Batch, _ index: Int) -> [String] {
    guard batch.records[index].verdict == .keep else { return [] }
    let names = marks(batch, index)
    guard !names.isEmpty else { return ["no signal"] }
    return plan.rules.filter { names.contains($0.name) }.map {
      "signal \($0.name) (\($0.severity.rawValue)): \($0.message)"
    }
  }

  /// The same for programs.
  package func facts(_ batch: Batch, _ index: Int) -> [(name: String, json: String)] {
    guard batch.records[index].verdict == .keep else { return [] }
    return [("signals", JSONFacts.array(marks(batch, index).map(JSONFacts.string)))]
  }

  private func marks(_ batch: Batch, _ index: Int) -> [String] {
    let text = batch.string(batch.slot(AddedSlot.signals.rawValue, of: index))
    return text.dropFirst().dropLast().split(separator: ",").map {
      String($0.dropFirst().dropLast())
    }
  }
}
