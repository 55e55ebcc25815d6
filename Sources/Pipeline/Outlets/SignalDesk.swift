internal import History
internal import Archive
package import Bytes
internal import Stages

/// The name of an input, by its number, and how many of its records earlier runs have read. Any thread may
/// ask.
package typealias InputOrigins = @Sendable (Int) -> (file: String, recordsBefore: Int)

/// Carries what `flag_signals` remembers and lists: the stage knows no archive, the archive no stage.
///
/// Unchecked: while a run is under way one ordered stage alone writes to it, and before and after it one
/// thread.
package final class SignalDesk: SignalMemory, SignalList, @unchecked Sendable {
  private let origins: InputOrigins
  private let run: StagedRun?
  private let staged: StagedSignals?
  private let delivery: SignalDelivery?
  /// What the stage leaves for the next run.
  private var remembered: (text: [UInt8], rows: Int)?

  /// A desk whose list goes into an archive, and when that is published to the caller.
  init(_ run: StagedRun, _ delivery: SignalDelivery?, _ origins: @escaping InputOrigins) {
    self.origins = origins
    self.run = run
    self.delivery = delivery
    staged = StagedSignals(run)
  }

  /// A desk beside a stream, whose list goes straight to the caller; nowhere without `delivery`.
  init(_ delivery: SignalDelivery?, _ origins: @escaping InputOrigins) {
    self.origins = origins
    self.delivery = delivery
    run = nil
    staged = nil
  }

  package func remember(_ text: [UInt8], rows: Int) { remembered = (text, rows) }

  package func recall() throws -> [UInt8]? { try run?.watchText() }

  package var place: String? { run?.watchPath }

  package func origin(ofInput input: Int) -> (file: String, recordsBefore: Int) { origins(input) }

  package func take(_ lines: ByteView) throws {
    if let staged { try staged.append(lines) } else { try delivery?.write(lines) }
  }

  /// Adds the list, and what the next run has to know, to what is committed.
  func complete(_ commit: inout Commit) throws {
    guard let run else { return }
    commit.files[.signals] = try staged?.finish()
    guard let memory = remembered else { return }
    let watch = try run.stageWatch(memory.text, rows: memory.rows)
    commit.files[.watch] = watch.file
    commit.retired += [watch.superseded].compactMap { $0 }
  }

  /// Gives the caller the list of a run that is published, which lies at `path`; an empty one if it has none.
  func deliver(_ path: String?) throws {
    do {
      if let path, let delivery { try delivery.copy(path) }
      try delivery?.finish()
    } catch {
      let rest = path.map { ", and its signals are in \($0)" } ?? ""
      throw ArchiveError(.fault, "\(error): the run is published\(rest)")
    }
  }

  /// Completes the list beside a stream.
  func finish() throws { try delivery?.finish() }

  /// Leaves no list behind.
  func discard() { delivery?.discard() }
}
