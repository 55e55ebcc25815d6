internal import Platform

/// Calls a closure once a second on a thread of its own, until that returns false.
enum Ticker {
  private final class Task {
    let body: @Sendable () -> Bool
    init(_ body: @escaping @Sendable () -> Bool) { self.body = body }
  }

  /// Starts; does nothing where the system has no thread left.
  static func start(_ body: @escaping @Sendable () -> Bool) {
    let task = Unmanaged.passRetained(Task(body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let failure = pthread_create(&thread, nil, { Ticker.enter($0) }, task.toOpaque())
    #else
      var thread = pthread_t()
      let failure = pthread_create(&thread, nil, { Ticker.enter($0) }, task.toOpaque())
    #endif
    guard failure == 0 else { return task.release() }
    #if canImport(Darwin)
      guard let thread else { return }
    #endif
    pthread_detach(thread)
  }

  private static func enter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let task = Unmanaged<Task>.fromOpaque(context).takeRetainedValue()
    repeat { sleep(1) } while task.body()
    return nil
  }
}
