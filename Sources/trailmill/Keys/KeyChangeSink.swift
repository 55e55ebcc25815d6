internal import Bytes
internal import Engine
internal import Trail

/// Lets the events pass that change a key.
struct KeyChangeFilter: PureStage {
  let finder: KeyChangeFinder

  func process(_ batch: Batch, step: Int) {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      if finder.rule(batch, index) == nil { batch.filter(index, by: step) }
    }
  }
}

/// Takes in what the events tell of keys; nothing else of them is kept.
final class KeyChangeSink: Sink {
  private final class Nothing: SinkAttachment {}

  /// How many events that cannot be used are named.
  private static let mostNamed = 20

  private let reader: KeyChangeReader
  private let names: [String]
  private(set) var learner = KeyLearner()
  /// Changes that could not be used.
  private(set) var unusable = 0
  /// Changes of which something could not be used.
  private(set) var partial = 0
  private var problems = 0
  private var named: [String] = []

  /// `names` are those of the inputs.
  init(_ reader: KeyChangeReader, names: [String]) {
    self.reader = reader
    self.names = names
  }

  /// What could not be used: the first ones, and how many more there are.
  var namedProblems: [String] {
    let rest = problems - named.count
    return named + (rest > 0 ? ["… and \(rest) more"] : [])
  }

  func makeAttachment() -> any AnyObject & SinkAttachment { Nothing() }
  func render(_ batch: Batch) {}

  func admit(_ batch: Batch) {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let (file, record) = (names[batch.input], batch.firstOrdinal + index)
      guard let reading = reader.read(batch, index, file: file, record: record) else { continue }
      if let change = reading.change { learner.add(change) } else { unusable += 1 }
      if reading.change != nil, !reading.problems.isEmpty { partial += 1 }
      for problem in reading.problems {
        problems += 1
        guard named.count < Self.mostNamed else { continue }
        let what =
          problem.isPartial ? "not all of an event was learned" : "an event was not learned"
        named.append("\(what): \(problem.reason): \(file), record \(record)")
      }
    }
  }

  func drain(_ batch: Batch) -> Bool { false }
  func encode(_ batch: Batch) {}
  func write(_ batch: Batch) {}
}
