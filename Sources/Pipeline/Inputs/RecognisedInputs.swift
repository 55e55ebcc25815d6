package import Intake
package import Stages
internal import Synchronization

/// The inputs of a run, with what earlier runs have to do with them. Of standard input and pipes that shows
/// only when their turn has come.
package final class RecognisedInputs: ReadingMemory {
  private struct State {
    /// What earlier runs have read, by the input's number.
    var histories: [Int: InputHistory] = [:]
    /// Readings under the same plan, by the input's number.
    var earlierReadings: [Int: [EarlierReading]] = [:]
    /// Inputs that were taken for older copies, with the commit that read more of them.
    var olderCopies: [(name: String, sequence: Int)] = []
    /// Inputs that are read again because the plan is another one.
    var underOtherPlan: [String] = []
  }

  /// The files that were found.
  package let list: InputList
  private let state = Mutex(State())

  package init(_ list: InputList) { self.list = list }

  /// What earlier runs have read, by the input's number.
  package var histories: [Int: InputHistory] { state.withLock { $0.histories } }

  package func note(_ number: Int, _ history: InputHistory) {
    state.withLock { $0.histories[number] = history }
  }

  func note(_ number: Int, _ readings: [EarlierReading]) {
    guard !readings.isEmpty else { return }
    state.withLock { $0.earlierReadings[number] = readings }
  }

  package func earlierReadings(ofInput number: Int) -> [EarlierReading] {
    state.withLock { $0.earlierReadings[number] ?? [] }
  }

  func note(olderCopy name: String, of sequence: Int) {
    state.withLock { $0.olderCopies.append((name, sequence)) }
  }

  func note(otherPlan name: String) { state.withLock { $0.underOtherPlan.append(name) } }

  /// The name of an input, and how many of its records earlier runs have read.
  package func origin(_ number: Int) -> (file: String, recordsBefore: Int) {
    let name = list.paths.indices.contains(number) ? list.paths[number] : ""
    guard case .continued(let place) = state.withLock({ $0.histories[number] }) else {
      return (name, 0)
    }
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

  /// What somebody should know of how they were recognised.
  var notices: [String] {
    state.withLock { state in
      var notices = state.olderCopies.map {
        "\($0.name) was taken for an older copy of what run \($0.sequence) read: --again reads it"
      }
      if let first = state.underOtherPlan.first {
        let count = state.underOtherPlan.count
        let which = count == 1 ? first : "\(first) and \(count - 1) more inputs"
        notices.append(
          "\(which): read before under another plan: what is archived of it keeps its attribution; "
            + "--replace with a window renews that")
      }
      return notices
    }
  }
}
