internal import Platform

/// Waits for SIGINT, SIGTERM and SIGHUP on a thread of its own, so that what happens then is
/// ordinary code and not a signal handler. A signal that the caller ignores (`nohup`) stays ignored.
public enum SignalWatch {
  private static func watchedSignals() -> sigset_t {
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      sigaction(number, nil, &action)
      if !isIgnored(action) { sigaddset(&watched, number) }
    }
    return watched
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    #if os(Linux)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Starts the watch; call it before any other thread is started, because threads inherit which
  /// signals they leave to it. `handle` gets the signal's number, once; it should end the process
  /// with `die`.
  public static func start(_ handle: @escaping @Sendable (Int32) -> Void) {
    var watched = watchedSignals()
    pthread_sigmask(SIG_BLOCK, &watched, nil)
    _ = Worker.start {
      var watched = watchedSignals()
      var number: Int32 = 0
      if sigwait(&watched, &number) == 0 { handle(number) }
    }
  }

  /// Ends the process as `number` would have, so that the caller sees 128 + number.
  public static func die(by number: Int32) -> Never {
    signal(number, SIG_DFL)
    var own = sigset_t()
    sigemptyset(&own)
    sigaddset(&own, number)
    pthread_sigmask(SIG_UNBLOCK, &own, nil)
    kill(getpid(), number)
    exit(128 + number)
  }

  /// Ends the process as a closed pipe ends `cat`, without a word.
  public static func dieByClosedPipe() -> Never { die(by: SIGPIPE) }

  /// The number of the error that a closed pipe gives to those who ignore the signal.
  public static let closedPipe = EPIPE
}
