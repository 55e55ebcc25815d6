internal import Platform

/// Hands out in the order of their numbers what workers bring in any order.
///
/// Where a `Turnstile` lets a worker wait until its number's turn has come, here it leaves what it has and
/// goes on: whoever brings the lowest number hands out all that follow it without a gap. Only who is
/// `window` numbers ahead waits, so that what is held stays bounded.
final class Lineup<Value>: @unchecked Sendable {
  // Sendable because every access to the state is made under `mutex`, and `body` is run by one worker at
  // a time.

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let window: Int
  private let body: (Int, Value) throws -> Bool
  private var held: [Int: Value] = [:]
  private var next = 0
  private var closedFrom = Int.max
  private var isHandingOut = false

  /// `body` is called with number 0 first, one at a time; nothing follows once it returns false or throws.
  init(window: Int, _ body: @escaping (Int, Value) throws -> Bool) {
    self.window = max(window, 1)
    self.body = body
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// True if `number` is not wanted any more.
  func isClosed(for number: Int) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return number >= closedFrom
  }

  /// Takes the value of a number. Throws what `body` throws.
  func bring(_ number: Int, _ value: Value) throws {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while number >= next + window && number < closedFrom { pthread_cond_wait(changed, mutex) }
    guard number < closedFrom else { return }
    held[number] = value
    guard !isHandingOut else { return }
    isHandingOut = true
    defer { isHandingOut = false }
    while next < closedFrom, let value = held.removeValue(forKey: next) {
      let isLast = try handOut(next, value)
      next += 1
      if isLast { closedFrom = min(closedFrom, next) }
      pthread_cond_broadcast(changed)
    }
  }

  /// Calls `body` without the lock: others bring theirs meanwhile.
  private func handOut(_ number: Int, _ value: Value) throws -> Bool {
    pthread_mutex_unlock(mutex)
    defer { pthread_mutex_lock(mutex) }
    do { return try !body(number, value) } catch {
      close(from: number + 1)
      throw error
    }
  }

  /// Nothing from `number` on is wanted any more; what comes before it still is.
  func close(from number: Int) {
    pthread_mutex_lock(mutex)
    closedFrom = min(closedFrom, number)
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
  }
}
