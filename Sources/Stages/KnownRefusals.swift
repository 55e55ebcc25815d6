package import Bytes
package import Engine

/// A reading of an input's text, from its first byte on, under the plan of this run.
package struct EarlierReading: Equatable, Sendable {
  /// Bytes of the text that were read.
  package let text: Int
  /// The events that were wanted.
  package let window: TimeWindow
  /// Whether what was turned away was kept whole. Version 0.1 kept excerpts, and nothing of an event
  /// without a time where a window was asked for.
  package let keptAll: Bool
  /// Whether this run decides anew about events that have a time.
  package let isRenewed: Bool

  package init(text: Int, window: TimeWindow, keptAll: Bool, isRenewed: Bool) {
    self.text = text
    self.window = window
    self.keptAll = keptAll
    self.isRenewed = isRenewed
  }

  /// True if the archive, or its quarantine, has had the record at this offset, with this time (or none),
  /// since then. `isByWindow` says that nothing else is wrong with it than that it has none.
  func settled(offset: Int, time: Int64, isByWindow: Bool) -> Bool {
    guard offset < text, keptAll || isByWindow && !window.isBounded else { return false }
    return time == Record.noTime || !isRenewed && window.contains(time)
  }
}

/// What an archive knows of the readings of inputs.
package protocol ReadingMemory: Sendable {
  func earlierReadings(ofInput number: Int) -> [EarlierReading]
}

extension StageServices {
  /// What the archive knows of earlier readings; nil where there is none.
  package var readingMemory: (any ReadingMemory)? {
    get { self[(any ReadingMemory).self] }
    set { self[(any ReadingMemory).self] = newValue }
  }
}

/// Leaves out of the quarantine what an earlier run has turned away under the same plan. It counts as a
/// duplicate, and raises no signal again.
package struct KnownRefusals: PureStage {
  /// What messages call the step.
  package static let name = "ledger"

  private let memory: any ReadingMemory
  /// The number of the step that knows the run's window; nil if there is none.
  private let windowStep: Int?

  package init(_ memory: any ReadingMemory, windowStep: Int?) {
    self.memory = memory
    self.windowStep = windowStep
  }

  package func process(_ batch: Batch, step: Int) {
    var readings: [EarlierReading]?
    func isSettled(_ offset: Int, _ time: Int64, isByWindow: Bool) -> Bool {
      let known = readings ?? memory.earlierReadings(ofInput: batch.input)
      readings = known
      return known.contains { $0.settled(offset: offset, time: time, isByWindow: isByWindow) }
    }
    for index in 0..<batch.records.count {
      let record = batch.records[index]
      guard record.verdict == .unreadable || record.verdict == .refused else { continue }
      let offset = batch.inputOffset + Int(record.raw.start)
      let isByWindow = windowStep.map { $0 == Int(record.decidedBy) } ?? false
      guard isSettled(offset, record.time, isByWindow: isByWindow) else { continue }
      batch.records[index].verdict = .duplicate
      // An event without a usable time is one of these, known or not.
      if !isByWindow {
        batch.records[index].decidedBy = Int16(truncatingIfNeeded: step)
      }
    }
    if let item = batch.longItem, isSettled(item.start, Record.noTime, isByWindow: false) {
      batch.longItem?.verdict = .duplicate
    }
  }
}
