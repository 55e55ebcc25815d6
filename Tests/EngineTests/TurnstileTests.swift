import Foundation
import Testing

@testable import Engine

@Suite struct TurnstileTests {
  /// Starts a thread for each number, in any order, and gives back what they did.
  private func passAll(
    _ numbers: [Int], through turnstile: Turnstile, _ body: @escaping @Sendable (Int) -> Void
  ) throws -> [Int: Bool] {
    let results = Monitor<[Int: Bool]>([:])
    try finishing(within: 30) {
      let workers = numbers.compactMap { number in
        Worker.start {
          let isOpen = try? turnstile.pass(number) { body(number) }
          results.change { $0[number] = isOpen }
        }
      }
      for worker in workers { worker.join() }
    }
    return results.change { $0 }
  }

  @Test func admitsInOrderAndOneAtATime() throws {
    for _ in 0..<20 {
      let order = Monitor<[Int]>([])
      let inside = Monitor(0)
      let results = try passAll(Array(0..<32).shuffled(), through: Turnstile()) { number in
        let others = inside.change { count in
          count += 1
          return count - 1
        }
        order.change { $0.append(others == 0 ? number : -1) }
        inside.change { $0 -= 1 }
      }
      #expect(order.change { $0 } == Array(0..<32))
      #expect(results.values.allSatisfy { $0 })
    }
  }

  @Test func sendsHomeFromTheClosedNumberOn() throws {
    let turnstile = Turnstile()
    turnstile.close(from: 5)
    let order = Monitor<[Int]>([])
    let results = try passAll([9, 3, 7, 0, 5, 2, 1, 4, 6, 8], through: turnstile) { number in
      order.change { $0.append(number) }
    }
    #expect(order.change { $0 } == [0, 1, 2, 3, 4])
    for number in 0..<10 { #expect(results[number] == (number < 5)) }
  }

  @Test func closingWakesThoseWhoWait() throws {
    let turnstile = Turnstile()
    let order = Monitor<[Int]>([])
    let results = try finishing(within: 30) {
      // Number 0 never comes: without the closing, these two would wait for ever.
      let results = Monitor<[Bool?]>([])
      let workers = [1, 2].compactMap { number in
        Worker.start {
          let isOpen = try? turnstile.pass(number) { order.change { $0.append(number) } }
          results.change { $0.append(isOpen) }
        }
      }
      usleep(20_000)
      turnstile.close(from: 1)
      for worker in workers { worker.join() }
      return results.change { $0 }
    }
    #expect(results == [false, false])
    #expect(order.change { $0 }.isEmpty)
  }

  @Test func theLowestClosingCounts() throws {
    let turnstile = Turnstile()
    turnstile.close(from: 2)
    turnstile.close(from: 7)
    #expect(try turnstile.pass(0) {})
    #expect(try turnstile.pass(1) {})
    #expect(try !turnstile.pass(2) {})
  }

  @Test func nobodyPassesBehindAFailure() throws {
    let turnstile = Turnstile()
    #expect(try turnstile.pass(0) {})
    #expect(throws: ToyError.self) {
      try turnstile.pass(1) { throw ToyError(place: .pure, batch: 1) }
    }
    turnstile.close(from: 1)
    #expect(try !turnstile.pass(2) {})
  }
}
