#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What the process is given by the system.
enum Process {
  /// The environment; of names that occur twice the first, as `getenv` has it.
  static var environment: [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let assignment = String(cString: text)
      if let equals = assignment.firstIndex(of: "=") {
        let name = String(assignment[..<equals])
        if variables[name] == nil {
          variables[name] = String(assignment[assignment.index(after: equals)...])
        }
      }
      entry += 1
    }
    return variables
  }

  /// Whether standard error is a terminal.
  static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal on standard error; 80 where it does not say.
  static var terminalColumns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Seconds on a clock that never goes back.
  static var monotonicSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Ends the process.
  static func end(_ code: ExitCode) -> Never { exit(code.rawValue) }
}
