internal import Disk
internal import History
internal import Output
internal import Pipeline
internal import Synchronization
internal import Terminal

/// When a progress bar is drawn on standard error; `auto` is where that is a terminal.
enum ProgressForm: String, CaseIterable { case auto, always, never }

/// Shows on standard error how far a run is, and that a signal has ended it.
final class ErrorConsole: RunConsole {
  private let progress: ProgressForm
  private let bar = Mutex<ProgressBar?>(nil)

  init(progress: ProgressForm) { self.progress = progress }

  func progress(totalBytes: Int?) -> (any RunProgress)? {
    let isShown = progress == .always || progress == .auto && Process.isErrorTerminal
    guard isShown else { return nil }
    let bar = ProgressBar(total: totalBytes)
    self.bar.withLock { $0 = bar }
    return bar
  }

  var screen: OutputScreen {
    var screen = OutputScreen()
    screen.isOutput = Process.isOutputTerminal
    screen.isErrors = Process.isErrorTerminal
    screen.shown = { Console.printableJSON(lines: $0) }
    screen.alone = { [self] body in
      guard let bar = bar.withLock({ $0 }) else { return try body() }
      try bar.whileRemoved(body)
    }
    return screen
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
