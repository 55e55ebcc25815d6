package import Bytes
package import Engine
package import Trail

/// What an archive knows of events without a usable time.
package protocol TimelessMemory: Sendable {
  /// True if the record at `offset` of the input with this number was read by an earlier run in the same way:
  /// then the archive has it, or its quarantine.
  func isKnown(input: Int, offset: Int) -> Bool
}

extension StageServices {
  /// What the archive knows of events without a usable time; nil where there is none.
  package var timelessMemory: (any TimelessMemory)? {
    get { self[(any TimelessMemory).self] }
    set { self[(any TimelessMemory).self] = newValue }
  }
}

/// Keeps events within a span of time.
package struct WindowFilter: PureStage, Explaining {
  private let window: TimeWindow
  private let dialect: BoundDialect
  /// False where events without a usable time are simply not wanted.
  private let keepsTimeless: Bool
  private let memory: (any TimelessMemory)?

  /// Keeps events inside of the window of a run. Nobody can say whether those without a usable time belong in
  /// it: they go to the quarantine, and those that `memory` knows are there already. Nil if the window has no
  /// bound, as nothing is to be done then.
  package init?(ofRun window: TimeWindow, _ dialect: BoundDialect, _ memory: (any TimelessMemory)?)
  {
    guard window.isBounded else { return nil }
    self.window = window
    self.dialect = dialect
    self.memory = memory
    keepsTimeless = true
  }

  /// Keeps events that a definition wants, which are those inside of a window. Nil if it has no bound.
  package init?(_ window: TimeWindow, _ dialect: BoundDialect) {
    guard window.isBounded else { return nil }
    self.window = window
    self.dialect = dialect
    memory = nil
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
    let offset = batch.inputOffset + Int(batch.records[index].raw.start)
    if let memory, memory.isKnown(input: batch.input, offset: offset) {
      batch.records[index].verdict = .duplicate
      batch.records[index].decidedBy = Int16(truncatingIfNeeded: step)
      return
    }
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
