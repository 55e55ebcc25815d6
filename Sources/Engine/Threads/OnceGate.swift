internal import Synchronization

/// A mutex with a flag that `pass` sets: decides whether a signal comes before the commit or after it.
public final class OnceGate: Sendable {
  private let hasPassed = Mutex(false)

  /// A gate that nobody has passed.
  public init() {}

  /// Runs `body` with nobody else inside; from then on, `ifNotPassed` does nothing.
  public func pass(_ body: () throws -> Void) throws {
    try hasPassed.withLock { hasPassed in
      defer { hasPassed = true }
      try body()
    }
  }

  /// Runs `body` with nobody else inside, unless `pass` was called before.
  public func ifNotPassed(_ body: () -> Void) {
    hasPassed.withLock { if !$0 { body() } }
  }
}
