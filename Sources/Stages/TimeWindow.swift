internal import Bytes
public import Engine

/// Keeps events within a span of time. Those without a usable time are filtered too: nobody can
/// say that they belong in it.
public struct TimeWindow: PureStage, Explaining {
  private let since: Int64
  private let until: Int64

  /// Keeps events with since ≤ time < until, in microseconds since 1970; nil is no bound. Nil if
  /// neither is given, as nothing is to be done then.
  public init?(since: Int64?, until: Int64?) {
    guard since != nil || until != nil else { return nil }
    self.since = since ?? .min
    self.until = until ?? .max
  }

  public func process(_ batch: Batch, step: Int) {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let time = batch.records[index].time
      if time != Record.noTime && time >= since && time < until { continue }
      batch.records[index].verdict = .filtered
      batch.records[index].decidedBy = Int16(truncatingIfNeeded: step)
    }
  }

  public func explain(_ batch: Batch, _ index: Int) -> [String] {
    guard batch.records[index].verdict == .filtered else { return [] }
    let isTimeless = batch.records[index].time == Record.noTime
    return [isTimeless ? "filtered: no usable time" : "filtered: outside the time window"]
  }
}
