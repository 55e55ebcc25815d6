internal import Bytes
internal import Engine
internal import Trail

/// Takes in what the events tell of keys; nothing else of them is kept.
final class KeyChangeSink: ReadingSink {
  private let reader: KeyChangeReader
  private let names: [String]
  private(set) var learner = KeyLearner()
  private(set) var tally = LearningTally()

  /// `names` are those of the inputs.
  init(_ reader: KeyChangeReader, names: [String]) {
    self.reader = reader
    self.names = names
  }

  func admit(_ batch: Batch) {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let (file, record) = (names[batch.input], batch.firstOrdinal + index)
      guard let reading = reader.read(batch, index, file: file, record: record) else { continue }
      if let change = reading.change { learner.add(change) }
      tally.add(reading.problems, isUsed: reading.change != nil, file: file, record: record)
    }
  }
}
