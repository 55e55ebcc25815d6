import Foundation
import Synchronization
import Testing

@testable import Engine

@Suite struct LineupTests {
  private struct Refused: Error {}

  /// Brings numbers below `count`, each worker the next one that nobody has taken, and gives back what was
  /// handed out.
  private func handedOut(
    _ count: Int, workers: Int, window: Int, until last: Int = .max, failing: Int = .max
  ) throws -> (order: [Int], failures: Int) {
    let order = Monitor<[Int]>([])
    let failures = Monitor(0)
    let inside = Monitor(0)
    let lineup = Lineup<Int>(window: window) { number, value in
      let others = inside.change { count in
        count += 1
        return count - 1
      }
      order.change { $0.append(others == 0 && value == number * number ? number : -1) }
      inside.change { $0 -= 1 }
      if number == failing { throw Refused() }
      return number < last
    }
    let next = Monitor(0)
    try finishing(within: 30) {
      let started = (0..<workers).compactMap { _ in
        Worker.start {
          while true {
            let number = next.change { number in
              number += 1
              return number - 1
            }
            guard number < count else { return }
            do { try lineup.bring(number, number * number) } catch { failures.change { $0 += 1 } }
          }
        }
      }
      for worker in started { worker.join() }
    }
    return (order.change { $0 }, failures.change { $0 })
  }

  @Test(arguments: [(1, 1), (2, 1), (4, 2), (8, 100)])
  func handsOutInOrderAndOneAtATime(_ workers: Int, _ window: Int) throws {
    for _ in 0..<10 {
      #expect(try handedOut(300, workers: workers, window: window).order == Array(0..<300))
    }
  }

  @Test func nothingFollowsWhoHasEnough() throws {
    for _ in 0..<20 {
      #expect(try handedOut(300, workers: 4, window: 3, until: 41).order == Array(0...41))
    }
  }

  @Test func nothingFollowsAFailure() throws {
    for _ in 0..<20 {
      let (order, failures) = try handedOut(300, workers: 4, window: 3, failing: 41)
      #expect(order == Array(0...41) && failures == 1)
    }
  }

  /// What is held is bounded: who is `window` numbers ahead waits, and nobody else does.
  @Test(arguments: [1, 2, 5]) func whoIsTooFarAheadWaits(_ window: Int) throws {
    let order = Mutex<[Int]>([])
    let hasBrought = Mutex(false)
    let wasTooEarly = Mutex(false)
    let lineup = Lineup<Int>(window: window) { number, _ in
      order.withLock { $0.append(number) }
      return true
    }
    try finishing(within: 30) {
      let early = Worker.start {
        try? lineup.bring(window, 0)
        hasBrought.withLock { $0 = true }
      }
      for number in (1..<max(window, 1)).reversed() { try? lineup.bring(number, 0) }
      Thread.sleep(forTimeInterval: 0.1)
      wasTooEarly.withLock { $0 = hasBrought.withLock { $0 } }
      try? lineup.bring(0, 0)
      early?.join()
    }
    #expect(!wasTooEarly.withLock { $0 }, "\(window) was taken while 0 is missing")
    #expect(order.withLock { $0 } == Array(0...window))
  }

  /// A worker that cannot hold all that it makes hands it out in pieces, in its turn.
  @Test(arguments: [1, 2, 4]) func piecesAheadKeepTheOrder(_ threads: Int) throws {
    let order = Mutex<[Int]>([])
    try finishing(within: 30) {
      try? Parallel.inOrder(
        60, threads: threads,
        make: { number, giveAhead in
          for piece in 0..<(number % 4) {
            _ = try giveAhead(number * 10 + piece)
          }
          return number * 10 + 9
        },
        take: { _, value in
          order.withLock { $0.append(value) }
          return true
        })
    }
    var expected: [Int] = []
    for number in 0..<60 {
      for piece in 0..<(number % 4) { expected.append(number * 10 + piece) }
      expected.append(number * 10 + 9)
    }
    #expect(order.withLock { $0 } == expected)
  }

  @Test(arguments: [true, false]) func nothingFollowsWhereAPieceIsTheLast(_ fails: Bool) throws {
    let order = Mutex<[Int]>([])
    var error: (any Error)?
    do {
      try Parallel.inOrder(
        60, threads: 3,
        make: { number, giveAhead in
          if number == 20 { _ = try giveAhead(-20) }
          return number
        },
        take: { _, value in
          order.withLock { $0.append(value) }
          if value == -20, fails { throw Refused() }
          return value != -20
        })
    } catch let thrown { error = thrown }
    #expect((error is Refused) == fails)
    #expect(order.withLock { $0 } == Array(0..<20) + [-20])
  }

  @Test func closingLetsGoOfThoseWhoWait() throws {
    let lineup = Lineup<Int>(window: 2) { _, _ in true }
    try finishing(within: 30) {
      let waiting = Worker.start { try? lineup.bring(7, 7) }
      lineup.close(from: 5)
      waiting?.join()
    }
    #expect(lineup.isClosed(for: 5) && !lineup.isClosed(for: 4))
  }
}
