package import History
package import Bytes
internal import Disk

// What `flag_signals` leaves in an archive:
//
//   _trailmill/signals/<run>.ndjson   the list: one JSON object for each signal, in the order of the input
//   _trailmill/watch/<run>.ndjson     what `flag_signals` remembers; it stands for the one before

/// The list of signals of a run, on its way into the archive. For one thread at a time.
package final class StagedSignals {
  private let run: StagedRun
  private var writer: StagedFileWriter?
  private var records = 0

  /// The list of `run`; nothing is written before the first line.
  package init(_ run: StagedRun) {
    self.run = run
  }

  /// Adds lines, each with its line feed.
  package func append(_ lines: ByteView) throws(ArchiveError) {
    do {
      if writer == nil { writer = StagedFileWriter(try run.create(.signals)) }
      writer?.buffer.append(lines)
      try writer?.flushIfLarge()
    } catch { throw ArchiveError(beforeCommit: error) }
    for byte in lines where byte == UInt8(ascii: "\n") { records += 1 }
  }

  /// Completes the file; nil if there were no lines. To be asked once.
  package func finish() throws(ArchiveError) -> StagedFile? {
    do { return try records > 0 ? writer?.finish(records: records) : nil } catch {
      throw ArchiveError(beforeCommit: error)
    }
  }
}

extension StagedRun {
  /// Bytes of the longest file that `flag_signals` can have left: 64 MiB.
  private static let longestWatch = 64 << 20

  /// The file of what `flag_signals` remembered in the last run, relative to the archive; nil if there was
  /// none.
  package var watchPath: String? { archive.state.all(.watch).last?.path }

  /// What `flag_signals` remembered in the last run; nil if there is no such file, or it was removed. Throws
  /// where it was altered.
  package func watchText() throws(ArchiveError) -> [UInt8]? {
    guard let row = archive.state.all(.watch).last else { return nil }
    let path = archive.path + "/" + row.path
    do {
      guard try archive.disk.statIfPresent(path) != nil else { return nil }
      guard
        let text = try archive.manifests.contents(of: row, longest: StagedRun.longestWatch)
      else {
        throw ArchiveError(
          .damaged,
          "what runs remember for flag_signals is not what was committed: \(path): restore it, or remove it: "
            + "the next run then learns anew")
      }
      return text
    } catch { throw ArchiveError(beforeCommit: error) }
  }

  /// Stages what `flag_signals` remembers, and says which file retires for it.
  package func stageWatch(
    _ text: [UInt8], rows: Int
  ) throws(ArchiveError) -> (file: StagedFile, superseded: RetiredFile?) {
    do {
      let file = try stage(text, as: .watch, records: rows)
      return (file, archive.state.all(.watch).last?.retired(.superseded))
    } catch { throw ArchiveError(beforeCommit: error) }
  }
}
