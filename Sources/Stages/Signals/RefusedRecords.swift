internal import Bytes
package import Engine
internal import Trail

/// Lists the records that the intake turned away, where no stage looks for signals.
package final class RefusedRecords: OrderedStage, StageResult {
  private let list: any SignalList
  private var places: SignalPlaces
  private var lines = ByteBuffer(capacity: 1 << 12)
  private var count = 0

  package init(_ list: any SignalList) {
    self.list = list
    places = SignalPlaces(list)
  }

  package func process(_ batch: Batch, step: Int) throws {
    let before = places.begin(batch)
    for index in 0..<batch.records.count where SignalPlaces.isRefusedByIntake(batch, index) {
      count += 1
      SignalLine(.recordRefused).append(
        reason: batch.reason(of: index), places.origin(batch, index, before + index + 1), to: &lines
      )
    }
    if lines.count > 0 { try list.take(lines.view) }
    lines.removeAll()
    lines.trim(keeping: 1 << 20)
  }

  package var signals: SignalTally? {
    guard count > 0 else { return nil }
    let rule = SignalRule.recordRefused
    return SignalTally(
      total: count, found: [SignalCount(name: rule.name, severity: rule.severity, count: count)])
  }

  package var report: [ReportLine] {
    signals?.found.map { ReportLine("signal", "\($0.name) \($0.count) (\($0.severity.rawValue))") }
      ?? []
  }
}

/// Where the records of a run came from, for the list of signals.
struct SignalPlaces {
  private let list: (any SignalList)?
  /// Records so far, by input.
  private var ordinals: [Int: Int] = [:]

  init(_ list: (any SignalList)?) { self.list = list }

  /// How many records of its input came before those of a batch. To be asked once for each batch.
  mutating func begin(_ batch: Batch) -> Int {
    let before = ordinals[batch.input, default: 0]
    ordinals[batch.input] = before + batch.records.count
    return before
  }

  func origin(_ batch: Batch, _ index: Int, _ ordinal: Int) -> SignalLine.Origin {
    if let origin = batch.origin(of: index) {
      return SignalLine.Origin(file: origin.file, record: origin.record)
    }
    let input = list?.origin(ofInput: batch.input) ?? (file: "", recordsBefore: 0)
    return SignalLine.Origin(file: input.file, record: input.recordsBefore + ordinal)
  }

  /// True if the intake has turned record `index` away. What comes back from the quarantine was listed when
  /// it went there.
  static func isRefusedByIntake(_ batch: Batch, _ index: Int) -> Bool {
    let record = batch.records[index]
    guard record.verdict == .unreadable, record.decidedBy < 0 else { return false }
    return batch.origin(of: index)?.stage != "intake"
  }
}
