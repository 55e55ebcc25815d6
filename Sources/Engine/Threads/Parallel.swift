internal import Synchronization

/// Work in pieces that know nothing of each other.
public enum Parallel {
  /// Calls `body` with every number below `count`, on `threads` workers, each number once. Throws what
  /// was thrown for the lowest number, when all workers have ended; after the first failure no new piece
  /// is begun.
  public static func forEach(
    _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws -> Void
  ) throws {
    let work = Pieces(count, body)
    let workers = (1..<max(1, min(threads, count))).compactMap { _ in
      Worker.start { work.run() }
    }
    work.run()
    for worker in workers { worker.join() }
    if let failure = work.failure { throw failure }
  }

  /// Calls `make` with every number below `count` as `forEach` does, and `take` with what it made, in the
  /// order of the numbers and one at a time, until `take` returns false. A worker is at most two numbers
  /// further ahead than there are workers, so that little waits.
  public static func inOrder<Value>(
    _ count: Int, threads: Int, make: @escaping @Sendable (Int) throws -> Value,
    take: @escaping (Int, Value) throws -> Bool
  ) throws {
    try inOrder(count, threads: threads, make: { number, _ in try make(number) }, take: take)
  }

  /// As above; what `make` gives to the closure that it gets is taken ahead of what it returns, when all
  /// numbers before have been taken: `make` waits for that. False if nothing is wanted any more.
  public static func inOrder<Value>(
    _ count: Int, threads: Int,
    make: @escaping @Sendable (Int, (Value) throws -> Bool) throws -> Value,
    take: @escaping (Int, Value) throws -> Bool
  ) throws {
    let lineup = Lineup<Value>(window: threads + 2, take)
    try forEach(count, threads: threads) { number in
      guard !lineup.isClosed(for: number) else { return }
      do {
        try lineup.bring(number, make(number) { try lineup.bringAhead(number, $0) })
      } catch {
        lineup.close(from: number)
        throw error
      }
    }
  }
}

/// Pieces that workers take one after the other.
private final class Pieces: Sendable {
  private let count: Int
  private let body: @Sendable (Int) throws -> Void
  private let next = Atomic<Int>(0)
  private let lowestFailure = LowestFailure()

  init(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) {
    self.count = count
    self.body = body
  }

  var failure: (any Error)? { lowestFailure.error }

  func run() {
    while failure == nil {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      do { try body(index) } catch { lowestFailure.report(error, at: index) }
    }
  }
}
