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
  private let console: any RunConsole
  private let progress: (any RunProgress)?

  init(_ outlet: any Outlet, _ console: any RunConsole, _ progress: (any RunProgress)?) {
    self.outlet = outlet
    self.console = console
    self.progress = progress
  }

  /// Runs what cannot be interrupted.
  func close(_ body: () throws -> Void) throws { try gate.pass(body) }

  /// What happens on a signal: never returns unless the run is already decided.
  func interrupt(_ signal: Int32) {
    ifUndecided {
      progress?.end()
      console.interrupted(by: signal, outlet.interrupted)
      SignalWatch.die(by: signal)
    }
  }

  /// Leaves nothing visible and calls `body`, unless the run is already decided; no commit begins meanwhile.
  func ifUndecided(_ body: () -> Void) {
    gate.ifNotPassed {
      outlet.abandonAfterFailure()
      body()
    }
  }
}
