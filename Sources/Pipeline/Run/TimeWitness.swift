internal import Bytes
internal import Engine
internal import Stages
internal import Trail

/// Counts the events whose time cannot be read, and keeps the first as an example. The last step of a run.
final class TimeWitness: OrderedStage {
  private let dialect: BoundDialect
  /// The step that knows the run's window, and the one that knows what was turned away before.
  private let windowStep, ledgerStep: Int?
  private let origin: (Int) -> (file: String, recordsBefore: Int)
  private var records: [Int: Int] = [:]
  /// How many there are.
  private(set) var count = 0
  /// How many of these an earlier run has settled.
  private var known = 0
  private var example: String?

  /// `stepNames` are those of the run's plan.
  init(
    _ dialect: BoundDialect, stepNames: [String],
    origin: @escaping (Int) -> (file: String, recordsBefore: Int)
  ) {
    self.dialect = dialect
    windowStep = stepNames.firstIndex(of: "window")
    ledgerStep = stepNames.firstIndex(of: KnownRefusals.name)
    self.origin = origin
  }

  func process(_ batch: Batch, step: Int) {
    for index in 0..<batch.records.count where batch.records[index].time == Record.noTime {
      let record = batch.records[index]
      let isByWindow = Int(record.decidedBy) == windowStep
      switch record.verdict {
      case .unreadable: continue
      case .refused: guard isByWindow else { continue }
      case .keep, .filtered: break
      case .duplicate:
        if isByWindow { known += 1 } else if Int(record.decidedBy) == ledgerStep { continue }
      }
      count += 1
      if example == nil { example = describe(batch, index) }
    }
    records[batch.input, default: 0] += batch.records.count
  }

  private func describe(_ batch: Batch, _ index: Int) -> String {
    let what = dialect.unreadableTime(batch, index)?.sentence ?? UnreadableTime.nothing
    if let origin = batch.origin(of: index) {
      return "\(what): \(origin.file), record \(origin.record)"
    }
    let (file, before) = origin(batch.input)
    let record = before + records[batch.input, default: 0] + index + 1
    return "\(what): \(file == "-" ? "standard input" : file), record \(record)"
  }

  /// What to say of them; nil if there are none.
  var finding: String? {
    guard count > 0, let example else { return nil }
    let known =
      switch known {
      case 0: ""
      case count: ", known from an earlier run"
      default: ", \(Figures.grouped(known)) of them known from an earlier run"
      }
    return "\(Figures.grouped(count))\(known); the first: \(example)"
  }
}
