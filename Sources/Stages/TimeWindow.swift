package import Bytes
package import Engine

/// Keeps events within a span of time. Those without a usable time are filtered too: nobody can
/// say that they belong in it.
package struct TimeWindow: PureStage, Explaining {
  private let since: Int64
  private let until: Int64

  /// Keeps events with since ≤ time < until; nil is no bound. Nil if neither is given, as nothing is
  /// to be done then.
  package init?(since: Timestamp?, until: Timestamp?) {
    guard since != nil || until != nil else { return nil }
    self.since = since?.microseconds ?? .min
    self.until = until?.microseconds ?? .max
  }

  /// Filters what lies outside.
  package func process(_ batch: Batch, step: Int) {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let time = batch.records[index].time
      if time != Record.noTime && time >= since && time < until { continue }
      batch.filter(index, by: step)
    }
  }

  /// Why an event was filtered.
  package func explain(_ batch: Batch, _ index: Int) -> [String] {
    guard batch.records[index].verdict == .filtered else { return [] }
    let isTimeless = batch.records[index].time == Record.noTime
    return [isTimeless ? "filtered: no usable time" : "filtered: outside the time window"]
  }
}
