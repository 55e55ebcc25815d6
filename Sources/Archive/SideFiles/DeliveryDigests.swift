package import Bytes
internal import Disk
package import History
package import Trail

/// The digests of the deliveries in an archive: those of earlier runs, to be looked up on any thread, and
/// those of the run that is under way.
///
/// New digests go to a file without a name as they come, so that they take no memory beside what
/// `deduplicate` itself needs.
///
/// Unchecked: `add` is called by one ordered stage alone, `finish` after the run; what is looked up
/// never changes.
package final class DeliveryDigests: @unchecked Sendable {
  private let run: StagedRun
  private let sharing: DigestSharing
  private var shelf: DigestShelf?
  private var journal: DigestJournal

  /// The digests of `run`'s archive. Nothing is opened before it is asked for.
  package init(_ run: StagedRun, _ sharing: DigestSharing) {
    self.run = run
    self.sharing = sharing
    shelf = DigestShelf(
      run.archive.manifests, run.archive.state.all(.digests), rule: sharing.rule,
      copyingTo: run.digestCopyPath)
    journal = DigestJournal(run.archive.disk, run.journalPath)
  }

  /// True if an earlier run wrote a delivery with this digest, whose event is of `day`; nil if that does not
  /// follow from the bytes that were digested. Safe on any thread. Throws, with the kind `damaged`, where
  /// what it looks at is not what was committed.
  package func contains(_ digest: Digest256, on day: EventDay?) throws -> Bool {
    try shelf?.contains(digest, on: day) ?? false
  }

  /// Remembers a delivery that this run writes, and that no earlier one wrote.
  package func add(_ digest: Digest256, on day: EventDay?) throws {
    try journal.append(digest, day)
  }

  /// Stages the run's files of digests, each merged with those of its size: none if there is nothing new.
  /// `merged` are the files that they stand for from now on. Nothing can be looked up after that: what was
  /// copied of earlier files is not to be written out when the commit forces its own to the medium.
  package func finish() throws -> (files: [StagedFile], merged: [RetiredFile]) {
    guard let shelf else { return ([], []) }
    defer { self.shelf = nil }
    var files: [StagedFile] = []
    var merged: [RetiredFile] = []
    try journal.divide(sharing) { shares in
      for (number, share) in shares.enumerated() {
        let chosen = sharing.merged(shelf.rows, share.group, count: share.entries.count)
        let merge = DigestMerge(new: share.entries, files: try chosen.map { try shelf.file($0) })
        var file = try merge.write(to: try run.create(.digests, number))
        file.days = sharing.days([share.days] + chosen.map { shelf.rows[$0].days })
        files.append(file)
        merged += chosen.compactMap { shelf.rows[$0].retired(.merged) }
      }
    }
    return (files, merged)
  }
}
