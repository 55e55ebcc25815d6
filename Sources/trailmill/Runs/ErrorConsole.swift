internal import Disk
internal import History
internal import Pipeline
internal import Terminal

/// When a progress bar is drawn on standard error; `auto` is where that is a terminal.
enum ProgressForm: String, CaseIterable { case auto, always, never }

/// Shows on standard error how far a run is, and that a signal has ended it.
struct ErrorConsole: RunConsole {
  let progress: ProgressForm

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

extension ProgressBar: RunProgress {}

extension RunEnvironment {
  /// What this process gives a run.
  init(_ console: ErrorConsole) {
    self.init(
      disk: Disk(), variables: Process.environment, tool: Tool.nameAndVersion, console: console)
  }
}
