import Engine
import History
import Stages
import Synchronization
import Testing

@testable import Pipeline

/// Whichever comes first, a signal or the commit, has its way.
@Suite struct CommitGateTests {
  private func isUndecided(_ gate: CommitGate) -> Bool {
    var isUndecided = false
    gate.ifUndecided { isUndecided = true }
    return isUndecided
  }

  @Test func aSignalBeforeTheCommitLeavesNothing() {
    let outlet = RecordedOutlet()
    let gate = CommitGate(outlet, SilentConsole(), nil)
    #expect(isUndecided(gate))
    #expect(outlet.abandoned.withLock { $0 } == 1)
  }

  @Test func aSignalAfterTheCommitIsTooLate() throws {
    let outlet = RecordedOutlet()
    let gate = CommitGate(outlet, SilentConsole(), nil)
    var isCommitted = false
    try gate.close { isCommitted = true }
    #expect(isCommitted)
    #expect(!isUndecided(gate))
    #expect(outlet.abandoned.withLock { $0 } == 0)
  }

  @Test func aCommitThatFailsIsDecidedToo() {
    struct Failure: Error {}
    let outlet = RecordedOutlet()
    let gate = CommitGate(outlet, SilentConsole(), nil)
    #expect(throws: Failure.self) { try gate.close { throw Failure() } }
    #expect(!isUndecided(gate))
  }
}

/// An outlet that counts how often it was abandoned.
private final class RecordedOutlet: Outlet {
  let abandoned = Mutex(0)
  var sink: any Sink { preconditionFailure("nothing is written") }
  var place: String { "nowhere" }
  var bytesGone: Int { 0 }
  var keepsKeyTable: Bool { false }
  var interrupted: String { "nothing" }

  func publish(_ facts: RunFacts, _ results: StageResults) throws -> PublishResult {
    PublishResult(ending: .streamed)
  }

  func abandon(keepingQuarantine: Bool) throws -> String? {
    abandoned.withLock { $0 += 1 }
    return nil
  }

  func leave() throws -> PublishResult { PublishResult(ending: .nothingNew) }
  func rehearse() throws -> PublishResult { PublishResult(ending: .dryRun) }
}
