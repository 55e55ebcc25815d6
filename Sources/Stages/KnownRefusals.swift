package import Bytes
package import Engine

/// A reading of an input's text, from its first byte on, under the plan of this run.
package struct EarlierReading: Equatable, Sendable {
  /// Bytes of the text that were read.
  package let text: Int
  /// What was wanted of the events that have a time; nil where this run decides that anew.
  package let window: TimeWindow?

  package init(text: Int, window: TimeWindow?) {
    self.text = text
    self.window = window
  }

  /// True if the record at this offset, with this time (or none), was archived, quarantined or dropped then.
  func settled(offset: Int, time: Int64) -> Bool {
    offset < text && (time == Record.noTime || window?.contains(time) ?? false)
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
    func isSettled(_ offset: Int, _ time: Int64) -> Bool {
      let known = readings ?? memory.earlierReadings(ofInput: batch.input)
      readings = known
      return known.contains { $0.settled(offset: offset, time: time) }
    }
    for index in 0..<batch.records.count {
      let record = batch.records[index]
      guard record.verdict == .unreadable || record.verdict == .refused else { continue }
      let offset = batch.inputOffset + Int(record.raw.start)
      guard isSettled(offset, record.time) else { continue }
      batch.records[index].verdict = .duplicate
      // An event without a usable time is one of these, known or not.
      if Int(record.decidedBy) != windowStep {
        batch.records[index].decidedBy = Int16(truncatingIfNeeded: step)
      }
    }
    if let item = batch.longItem, isSettled(item.start, Record.noTime) {
      batch.longItem?.verdict = .duplicate
    }
  }
}
