/// Admits number k only after number k-1 has left.
///
/// The threading primitive of a run. Workers carry one batch each through a row of
/// turnstiles. The worker with the lowest number never waits for anyone but the system, so there is
/// no deadlock; and no worker takes a new batch before its old one is through, so memory is bounded
/// by the number of workers.
public final class Turnstile: Sendable {
  private struct State {
    var next = 0
    var closedFrom = Int.max
  }

  private let state = Monitor(State())

  /// A turnstile that admits number 0 first.
  public init() {}

  /// Waits for the turn of `number`, runs `body`, and admits the next one. False, without running
  /// `body`, if the turnstile is closed for `number`. If `body` throws, nobody is admitted until
  /// somebody closes the turnstile.
  public func pass(_ number: Int, _ body: () throws -> Void) throws -> Bool {
    let isOpen = state.wait(until: { $0.next == number || number >= $0.closedFrom }) {
      number < $0.closedFrom
    }
    guard isOpen else { return false }
    try body()
    state.change { $0.next = number + 1 }
    return true
  }

  /// Sends `number` and all that come after it home. Those before it still pass, so that what a
  /// failed run has put out does not depend on how fast its workers were.
  public func close(from number: Int) {
    state.change { $0.closedFrom = min($0.closedFrom, number) }
  }
}
