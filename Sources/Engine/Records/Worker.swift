internal import Platform

/// A thread of its own: waiting and blocking I/O do not belong on the cooperative pool.
struct Worker {
  private var thread: pthread_t

  private final class Task {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts `body`; nil if the system has no thread left.
  static func start(_ body: @escaping @Sendable () -> Void) -> Worker? {
    let task = Unmanaged.passRetained(Task(body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let failure = pthread_create(&thread, nil, { Worker.enter($0) }, task.toOpaque())
    #else
      var thread = pthread_t()
      let failure = pthread_create(&thread, nil, { Worker.enter($0) }, task.toOpaque())
    #endif
    guard failure == 0 else {
      task.release()
      return nil
    }
    #if canImport(Darwin)
      guard let thread else { return nil }
    #endif
    return Worker(thread: thread)
  }

  private static func enter(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<Task>.fromOpaque(context).takeRetainedValue().body()
    return nil
  }

  func join() { pthread_join(thread, nil) }

  /// Processors that are online.
  static var onlineProcessors: Int {
    return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }
}
