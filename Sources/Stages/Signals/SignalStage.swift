internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

/// Decides, in the order of the input, which signals an event is, and lists them.
final class SignalStage: OrderedStage, Explaining, StageResult {
  private let plan: SignalPlan
  private let memory: (any SignalMemory)?
  private let list: (any SignalList)?
  private let watch: SignalHistory
  private let counters: [Int: SignalCounter]
  private var counts: [Int]
  private var marked = 0
  private var unlisted = 0
  private var places: SignalPlaces
  private var lines = ByteBuffer(capacity: 1 << 12)
  private var isFinished = false

  init(_ plan: SignalPlan, _ memory: (any SignalMemory)?, _ list: (any SignalList)?) {
    self.plan = plan
    self.memory = memory
    self.list = list
    places = SignalPlaces(list)
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

  func process(_ batch: Batch, step: Int) throws {
    try watch.begin()
    let before = places.begin(batch)
    for index in 0..<batch.records.count {
      switch batch.records[index].verdict {
      case .keep: judge(batch, index, before + index + 1)
      case .refused: takeRefused(batch, index, before + index + 1)
      case .unreadable: takeUnreadable(batch, index, before + index + 1)
      case .duplicate, .filtered: break
      }
    }
    try flush()
  }

  private func judge(_ batch: Batch, _ index: Int, _ ordinal: Int) {
    var set = SignalSet(batch[.signalRules, index])
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
    batch[.signals, index] = .empty
    guard !set.isEmpty else { return }
    marked += 1
    mark(set, batch, index)
    for number in plan.rules.indices where set.contains(number) {
      counts[number] += 1
      guard list != nil else { continue }
      SignalLine(plan.rules[number]).append(
        batch, index, plan.dialect, places.origin(batch, index, ordinal), to: &lines)
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
    batch[.signals, index] = Span32(start, count: batch.bytes.count - start)
  }

  /// A delivery that was turned away for its signature. Whatever it says proves nothing, and so is not
  /// listed.
  private func takeRefused(_ batch: Batch, _ index: Int, _ ordinal: Int) {
    guard !plan.signatureFailure.isEmpty,
      plan.signatureSteps.contains(Int(batch.records[index].decidedBy))
    else { return }
    // What comes back from the quarantine was listed when it went there.
    if batch.origin(of: index)?.stage == VerifySignature.manual.name { return }
    listTurnedAway(plan.signatureFailure, batch, index, ordinal)
  }

  /// A record that the intake turned away.
  private func takeUnreadable(_ batch: Batch, _ index: Int, _ ordinal: Int) {
    if SignalPlaces.isRefusedByIntake(batch, index) {
      listTurnedAway(plan.recordRefused, batch, index, ordinal)
    }
  }

  private func listTurnedAway(_ set: SignalSet, _ batch: Batch, _ index: Int, _ ordinal: Int) {
    for number in plan.rules.indices where set.contains(number) {
      counts[number] += 1
      unlisted += 1
      SignalLine(plan.rules[number]).append(
        reason: batch.reason(of: index), places.origin(batch, index, ordinal), to: &lines)
    }
  }

  private func flush() throws {
    if lines.count > 0 { try list?.take(lines.view) }
    lines.removeAll()
    lines.trim(keeping: 1 << 20)
  }

  // MARK: The end of the run

  /// Finds the accounts that were silent, and has the next run remember this one.
  func finish() throws {
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
    if let (text, rows) = watch.text() { try memory?.remember(text, rows: rows) }
  }

  var signals: SignalTally? { SignalTally(total: marked + unlisted, found: found) }

  private var found: [SignalCount] {
    plan.rules.indices.filter { counts[$0] > 0 }.map {
      SignalCount(
        name: plan.rules[$0].name, severity: plan.rules[$0].severity, count: counts[$0])
    }
  }

  // MARK: Telling

  /// Lines of the summary: each rule that held, the most severe first, and what was not judged.
  var report: [ReportLine] {
    let sorted = found.enumerated().sorted {
      ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
    }
    var report = sorted.map { _, signal in
      ReportLine("signal", "\(signal.name) \(signal.count) (\(signal.severity.rawValue))")
    }
    if !plan.newBlock.isEmpty || !plan.newCaller.isEmpty {
      if let words = watch.firstUseNotice { report.append(ReportLine("first uses of keys", words)) }
    } else if !plan.silence.isEmpty, let words = watch.missingNotice {
      report.append(ReportLine("silence", words))
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

  func explain(_ batch: Batch, _ index: Int) -> [String] {
    guard batch.records[index].verdict == .keep else { return [] }
    let names = marks(batch, index)
    guard !names.isEmpty else { return ["no signal"] }
    return plan.rules.filter { names.contains($0.name) }.map {
      "signal \($0.name) (\($0.severity.rawValue)): \($0.message)"
    }
  }

  func facts(_ batch: Batch, _ index: Int) -> [(name: String, json: String)] {
    guard batch.records[index].verdict == .keep else { return [] }
    return [("signals", JSONFacts.array(marks(batch, index).map(JSONFacts.string)))]
  }

  private func marks(_ batch: Batch, _ index: Int) -> [String] {
    let list = batch.bytes[batch[.signals, index]]
    var names: [String] = []
    var scratch = ByteBuffer()
    _ = Scanner(.everyElement).collect(list) { match in
      guard let name = match.field.text(in: list, scratch: &scratch) else { return }
      names.append(String(decoding: name, as: UTF8.self))
    }
    return names
  }
}
