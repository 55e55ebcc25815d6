/// Hands out in the order of their numbers what workers bring in any order.
///
/// Where a `Turnstile` lets a worker wait until its number's turn has come, here it leaves what it has and
/// goes on: whoever brings the lowest number hands out all that follow it without a gap. Only who is
/// `window` numbers ahead waits, so that what is held stays bounded.
final class Lineup<Value>: @unchecked Sendable {
  // Sendable because `body` is run by one worker at a time.

  private struct State {
    var held: [Int: Value] = [:]
    var next = 0
    var closedFrom = Int.max
    var isHandingOut = false

    mutating func close(from number: Int) { closedFrom = min(closedFrom, number) }

    /// The next value to hand out; nil, and nobody hands out any more, if it is not there.
    mutating func takeNext() -> (number: Int, value: Value)? {
      if next < closedFrom, let value = held.removeValue(forKey: next) { return (next, value) }
      isHandingOut = false
      return nil
    }
  }

  private let state = Monitor(State())
  private let window: Int
  private let body: (Int, Value) throws -> Bool

  /// `body` is called with number 0 first, one at a time; nothing follows once it returns false or throws.
  init(window: Int, _ body: @escaping (Int, Value) throws -> Bool) {
    self.window = max(window, 1)
    self.body = body
  }

  /// True if `number` is not wanted any more.
  func isClosed(for number: Int) -> Bool { state.read { number >= $0.closedFrom } }

  /// Takes the value of a number. Throws what `body` throws.
  func bring(_ number: Int, _ value: Value) throws {
    let window = window
    let handsOut = state.wait(until: { number < $0.next + window || number >= $0.closedFrom }) {
      guard number < $0.closedFrom else { return false }
      $0.held[number] = value
      guard !$0.isHandingOut else { return false }
      $0.isHandingOut = true
      return true
    }
    guard handsOut else { return }
    // Outside of the monitor: others bring theirs meanwhile.
    while let (number, value) = state.change({ $0.takeNext() }) {
      do {
        let goesOn = try body(number, value)
        state.change {
          $0.next = number + 1
          if !goesOn { $0.close(from: number + 1) }
        }
      } catch {
        state.change {
          $0.close(from: number + 1)
          $0.isHandingOut = false
        }
        throw error
      }
    }
  }

  /// Waits for the turn of a number and hands out a value ahead of that which `bring` takes; false if nothing
  /// is wanted any more. Throws what `body` throws.
  func bringAhead(_ number: Int, _ value: Value) throws -> Bool {
    let isWanted = state.wait(
      until: { $0.next == number && !$0.isHandingOut || number >= $0.closedFrom }
    ) {
      guard number < $0.closedFrom else { return false }
      $0.isHandingOut = true
      return true
    }
    guard isWanted else { return false }
    var goesOn = false
    defer {
      state.change {
        $0.isHandingOut = false
        if !goesOn { $0.close(from: number) }
      }
    }
    goesOn = try body(number, value)
    return goesOn
  }

  /// Nothing from `number` on is wanted any more; what comes before it still is.
  func close(from number: Int) { state.change { $0.close(from: number) } }
}
