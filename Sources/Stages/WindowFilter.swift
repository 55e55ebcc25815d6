package import Bytes
package import Engine
package import Trail

/// Keeps events within a span of time.
package struct WindowFilter: PureStage, Explaining {
  private let window: TimeWindow
  private let dialect: BoundDialect
  /// False where events without a usable time are simply not wanted.
  private let keepsTimeless: Bool

  /// Keeps events inside of the window of a run. Nobody can say whether those without a usable time belong in
  /// it: they go to the quarantine. Nil if the window has no bound, as nothing is to be done then.
  package init?(ofRun window: TimeWindow, _ dialect: BoundDialect) {
    guard window.isBounded else { return nil }
    self.window = window
    self.dialect = dialect
    keepsTimeless = true
  }

  /// Keeps events that a definition wants, which are those inside of a window. Nil if it has no bound.
  package init?(_ window: TimeWindow, _ dialect: BoundDialect) {
    guard window.isBounded else { return nil }
    self.window = window
    self.dialect = dialect
    keepsTimeless = false
  }

  /// Filters what lies outside.
  package func process(_ batch: Batch, step: Int) {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let time = batch.records[index].time
      if time != Record.noTime {
        if !window.contains(time) { batch.filter(index, by: step) }
      } else if keepsTimeless {
        turnAway(batch, index, step)
      } else {
        batch.filter(index, by: step)
      }
    }
  }

  private func turnAway(_ batch: Batch, _ index: Int, _ step: Int) {
    let what = dialect.unreadableTime(batch, index)?.sentence ?? UnreadableTime.nothing
    batch.reject(
      index, .refused, by: step, "no usable time, so no telling which window it is in: \(what)")
  }

  /// Why an event was filtered.
  package func explain(_ batch: Batch, _ index: Int) -> [String] {
    guard batch.records[index].verdict == .filtered else { return [] }
    let isTimeless = batch.records[index].time == Record.noTime
    return [isTimeless ? "filtered: no usable time" : "filtered: outside the time window"]
  }
}
