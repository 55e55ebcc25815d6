package import Bytes
package import Engine

/// Keeps events within a span of time. Those without a usable time are filtered too: nobody can
/// say that they belong in it.
package struct WindowFilter: PureStage, Explaining {
  private let window: TimeWindow

  /// Keeps events inside of a window. Nil if it has no bound, as nothing is to be done then.
  package init?(_ window: TimeWindow) {
    guard window.isBounded else { return nil }
    self.window = window
  }

  /// Filters what lies outside.
  package func process(_ batch: Batch, step: Int) {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let time = batch.records[index].time
      if time != Record.noTime && window.contains(time) { continue }
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
