internal import Engine

/// Decides between a signal and the commit: whichever comes first has its way.
///
/// A signal that finds the run still under way ends the process with nothing published; one that
/// comes during the commit waits until that is through, and is then too late to matter.
final class CommitGate: @unchecked Sendable {
  // Sendable because the outlet is touched by the signal's thread only under the gate's lock, and
  // the process ends there.

  private let gate = OnceGate()
  private let outlet: any Outlet
  private let bar: ProgressBar?

  init(_ outlet: any Outlet, _ bar: ProgressBar?) {
    self.outlet = outlet
    self.bar = bar
  }

  /// Runs what cannot be interrupted.
  func close(_ body: () throws -> Void) throws { try gate.pass(body) }

  /// What happens on a signal: never returns unless the run is already decided.
  func interrupt(_ signal: Int32) {
    gate.ifNotPassed {
      _ = try? outlet.abandon(keepingQuarantine: false)
      let outcome =
        outlet is ArchiveOutlet
        ? "nothing was published in \(outlet.place)"
        : "what was written to \(outlet.place) is incomplete"
      bar?.end()
      // Behind the terminal's own ^C.
      if Process.isErrorTerminal { Console.error("\n") }
      Console.message("ended by signal \(signal): \(outcome)")
      SignalWatch.die(by: signal)
    }
  }
}
