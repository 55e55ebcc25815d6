package import Engine
package import History
package import Stages

/// What became of an outlet's output.
package struct PublishResult {
  /// What to call it.
  package enum Ending: Equatable, Sendable {
    case published, nothingNew, dryRun, streamed
  }

  package var ending: Ending
  package var parts = 0
  package var bytes = 0
  /// Versions of keys that are new in the key table.
  package var newKeys = 0
  /// Parts that were taken out.
  package var retired = 0
  /// What parts are called by; nil where none were published.
  package var run: String?
  /// The archive's newest head, in hexadecimal.
  package var head: String?
  /// Why commits are not witnessed; nil if all are, or if there is no witness.
  package var unwitnessed: String?
  /// What somebody should know of the output.
  package var notices: [String] = []
}

/// Where the records of a run go: an archive or a stream, behind one face.
package protocol Outlet {
  /// The sink for the engine.
  var sink: any Sink { get }
  /// What people call the place.
  var place: String { get }
  /// Bytes that left already and cannot be taken back.
  var bytesGone: Int { get }
  /// True if what digests of keys stand for is kept beside the records.
  var keepsKeyTable: Bool { get }
  /// What an interrupted run leaves behind, as the end of a sentence.
  var interrupted: String { get }
  /// Makes the output visible. `facts` are what the run was, `results` what its stages have to tell.
  func publish(_ facts: RunFacts, _ results: StageResults) throws -> PublishResult
  /// Leaves nothing visible; returns where the quarantine was kept, if it was asked to be.
  func abandon(keepingQuarantine: Bool) throws -> String?
  /// Leaves everything as it was, as there is nothing to change.
  func leave() throws -> PublishResult
  /// What would have been put out.
  func rehearse() throws -> PublishResult
}

extension Outlet {
  /// Leaves nothing visible, as the run has failed already: a second failure has nobody to be told.
  func abandonAfterFailure() { _ = try? abandon(keepingQuarantine: false) }
}
