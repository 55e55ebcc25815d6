internal import Synchronization

/// Of the failures that workers report, the one with the lowest number: what a run throws must not depend on
/// how fast its workers are.
final class LowestFailure: Sendable {
  private let lowest = Mutex<(number: Int, error: any Error)?>(nil)

  /// What was thrown for the lowest number so far; nil if nothing was.
  var error: (any Error)? { lowest.withLock { $0?.error } }

  func report(_ error: any Error, at number: Int) {
    lowest.withLock { lowest in
      if let known = lowest, known.number <= number { return }
      lowest = (number, error)
    }
  }
}
