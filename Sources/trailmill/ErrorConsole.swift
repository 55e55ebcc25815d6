internal import Disk
internal import Pipeline

/// Standard error, as the place from which somebody watches a run.
struct ErrorConsole: RunConsole {
  let progress: RunOptions.Progress

  func progress(totalBytes: Int?) -> (any RunProgress)? {
    let isShown = progress == .always || progress == .auto && Process.isErrorTerminal
    return isShown ? ProgressBar(total: totalBytes) : nil
  }

  func interrupted(by signal: Int32, _ outcome: String) {
    // Behind the terminal's own ^C.
    if Process.isErrorTerminal { Console.error("\n") }
    Console.message("ended by signal \(signal): \(outcome)")
  }
}

extension RunEnvironment {
  /// What this process gives a run.
  init(_ console: ErrorConsole) {
    self.init(
      disk: Disk(), variables: Process.environment, tool: "trailmill \(Commands.version)",
      console: console)
  }
}
