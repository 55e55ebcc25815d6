package import Intake

/// The inputs of a run, with what earlier runs have to do with them.
package struct RecognisedInputs: Sendable {
  /// The files that were found.
  package let list: InputList
  /// What earlier runs have read, by the input's number.
  package let histories: [Int: InputHistory]

  package init(_ list: InputList, histories: [Int: InputHistory] = [:]) {
    self.list = list
    self.histories = histories
  }

  /// The name of an input, and how many of its records earlier runs have read.
  package func origin(_ number: Int) -> (file: String, recordsBefore: Int) {
    let name = list.paths.indices.contains(number) ? list.paths[number] : ""
    guard case .continued(let place) = histories[number] else { return (name, 0) }
    return (name, place.records)
  }

  /// How many inputs were read before, and of how many the beginning was.
  var counts: (known: Int, continued: Int) {
    histories.values.reduce(into: (0, 0)) { counts, history in
      switch history {
      case .known: counts.0 += 1
      case .continued: counts.1 += 1
      }
    }
  }
}
