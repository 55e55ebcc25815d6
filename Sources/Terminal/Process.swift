internal import Platform

/// The process and what the system gives it: standard streams, environment, terminal, clock.
package enum Process {
  /// Replaces standard streams that the caller closed, and makes a file that grows past the limit of the
  /// process an error like a full disk, not a signal. To be called first.
  ///
  /// Without that, the next file that is opened would get the number of a closed stream, and messages would
  /// go into an archive. The replacement fails to read or write, as a closed stream does.
  package static func prepare() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
    signal(SIGXFSZ, SIG_IGN)
  }

  /// The environment. Of names that occur twice the first counts, as with `getenv`.
  package static var environment: [String: String] {
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

  /// Whether the locale that these variables say has characters beyond ASCII.
  package static func isUnicode(_ environment: [String: String]) -> Bool {
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return ["utf-8", "utf8"].contains { locale.lowercased().hasSuffix($0) }
  }

  /// Whether standard error is a terminal.
  package static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether standard output is a terminal.
  package static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Columns of the terminal on standard output; nil where there is none.
  package static var outputColumns: Int? { columns(STDOUT_FILENO) }

  /// Columns of the terminal on standard error; 80 where it does not say.
  package static var terminalColumns: Int { columns(STDERR_FILENO) ?? 80 }

  private static func columns(_ stream: Int32) -> Int? {
    var size = winsize()
    guard ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Ends the process.
  package static func end(_ code: ExitCode) -> Never { exit(code.rawValue) }
}
