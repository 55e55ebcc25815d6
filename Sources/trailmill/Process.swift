internal import Platform

/// What the process is given by the system.
enum Process {
  /// Makes the process safe to begin with.
  ///
  /// A standard stream that the caller closed is put in the place of by one that fails to read or
  /// write as a closed one does: the next file that is opened would get its number, and messages
  /// would go into an archive. A file that grows past the limit of the process is an error like a
  /// full disk, not a signal.
  static func prepare() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
    signal(SIGXFSZ, SIG_IGN)
  }

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

  /// Whether standard output is a terminal.
  static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Columns of the terminal on standard output; nil where there is none.
  static var outputColumns: Int? { columns(STDOUT_FILENO) }

  /// Columns of the terminal on standard error; 80 where it does not say.
  static var terminalColumns: Int { columns(STDERR_FILENO) ?? 80 }

  private static func columns(_ stream: Int32) -> Int? {
    var size = winsize()
    guard ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Ends the process.
  static func end(_ code: ExitCode) -> Never { exit(code.rawValue) }
}
