internal import Platform

/// Admits number k only after number k-1 has left.
///
/// The threading primitive of a run. Workers carry one batch each through a row of
/// turnstiles. The worker with the lowest number never waits for anyone but the system, so there is
/// no deadlock; and no worker takes a new batch before its old one is through, so memory is bounded
/// by the number of workers.
public final class Turnstile: @unchecked Sendable {
  // Sendable because every access to the state is made under `mutex`.

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var next = 0
  private var closedFrom = Int.max

  /// A turnstile that admits number 0 first.
  public init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Waits for the turn of `number`, runs `body`, and admits the next one. False, without running
  /// `body`, if the turnstile is closed for `number`. If `body` throws, nobody is admitted until
  /// somebody closes the turnstile.
  public func pass(_ number: Int, _ body: () throws -> Void) throws -> Bool {
    pthread_mutex_lock(mutex)
    while next != number && number < closedFrom { pthread_cond_wait(changed, mutex) }
    let isOpen = number < closedFrom
    pthread_mutex_unlock(mutex)
    guard isOpen else { return false }
    try body()
    pthread_mutex_lock(mutex)
    next = number + 1
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
    return true
  }

  /// Sends `number` and all that come after it home. Those before it still pass, so that what a
  /// failed run has put out does not depend on how fast its workers were.
  public func close(from number: Int) {
    pthread_mutex_lock(mutex)
    closedFrom = min(closedFrom, number)
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
  }
}

/// A lock around a value.
final class Guarded<Value>: @unchecked Sendable {
  // Sendable because every access to the value is made under `mutex`.

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var value: Value

  init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func with<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}

/// A way through that is taken once: who comes before somebody has passed can still turn things.
public final class Gate: @unchecked Sendable {
  // Sendable because `hasPassed` is accessed between `enter` and `leave` alone.

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var hasPassed = false

  /// An open gate.
  public init() { pthread_mutex_init(mutex, nil) }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Waits until nobody else is inside.
  public func enter() { pthread_mutex_lock(mutex) }

  /// Lets others in.
  public func leave() { pthread_mutex_unlock(mutex) }

  /// Whether somebody has passed. To be asked between `enter` and `leave`.
  public var isClosed: Bool { hasPassed }

  /// Runs `body` with nobody else inside, and closes the gate.
  public func pass(_ body: () throws -> Void) rethrows {
    enter()
    defer {
      hasPassed = true
      leave()
    }
    try body()
  }
}
