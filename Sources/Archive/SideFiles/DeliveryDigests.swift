package import History
package import Bytes
internal import Disk

/// The digests of the deliveries in an archive: those of earlier runs, to be looked up on any thread, and
/// those of the run that is under way.
///
/// New digests go to a file in staging as they come, so that they take no memory beside what
/// `deduplicate` itself needs; at the end they are sorted in place, by way of the system's page cache.
///
/// Unchecked: `add` is called by one ordered stage alone, `finish` after the run; what is looked up
/// never changes.
package final class DeliveryDigests: @unchecked Sendable {
  /// A run whose file would be that many of one size class merges them: 4.
  static let mergedFiles = 4
  /// Digests from which on files are not merged any more: 2^26, 2 GiB.
  static let largestMerged = 1 << 26
  private static let chunk = 1 << 20

  private let disk: Disk
  private let run: StagedRun
  private let rows: [ManifestRow]
  private let files: [DigestFile]
  private var journal: File?
  private var buffer = ByteBuffer(capacity: 16)
  private var count = 0

  /// The digests of `run`'s archive. Throws where a file of them is not there or is none.
  package init(_ run: StagedRun) throws(ArchiveError) {
    disk = run.archive.disk
    self.run = run
    rows = run.archive.state.all(.digests)
    do {
      files = try rows.map { row in
        let path = run.archive.path + "/" + row.path
        guard
          let file = try run.archive.disk.statIfPresent(path) == nil
            ? nil : DigestFile(run.archive.disk, path), file.count == row.records
        else {
          throw run.archive.manifests.damaged("a file of digests is gone or damaged", path)
        }
        return file
      }
    } catch { throw ArchiveError(beforeCommit: error) }
  }

  /// True if an earlier run wrote a delivery with this digest. Safe on any thread.
  package func contains(_ digest: Digest256) -> Bool {
    for file in files.reversed() where file.contains(digest) { return true }
    return false
  }

  /// Remembers a delivery that this run writes, and that no earlier one wrote.
  package func add(_ digest: Digest256) throws {
    digest.withBytes { buffer.append($0) }
    count += 1
    if buffer.count >= DeliveryDigests.chunk { try flush() }
  }

  private func flush() throws {
    let file = try journal ?? disk.createTruncating(run.journalPath)
    journal = file
    try file.write(all: buffer.view)
    buffer.removeAll()
  }

  /// Stages the run's file of digests, merged with those of its size; nil if there is nothing new.
  /// `merged` are the files that it stands for from now on.
  package func finish() throws -> (file: StagedFile, merged: [RetiredFile])? {
    guard count > 0 else { return nil }
    try flush()
    guard let journal else { return nil }
    defer { self.journal = nil }
    let new = try MappedFile(journal, writable: true)
    DigestSort.sort(new.mutableBytes)
    let chosen = filesToMerge()
    // What was altered must not get a digest of its own by being merged.
    for index in chosen where files[index].sha256 != rows[index].sha256 {
      throw run.archive.manifests.damaged(
        "a file of digests is not the one that was committed",
        run.archive.path + "/" + rows[index].path)
    }
    let merge = DigestMerge(new: new.bytes, files: chosen.map { files[$0] })
    let staged = try merge.write(to: try run.create(.digests))
    try journal.close()
    try disk.remove(run.journalPath)
    let merged = chosen.compactMap { rows[$0].retired(.merged) }
    return (staged, merged)
  }

  /// The files that the new one is to be merged with: as long as it would be the fourth of its class.
  private func filesToMerge() -> [Int] {
    var chosen: Set<Int> = []
    var total = count
    while total <= DeliveryDigests.largestMerged {
      let alike = files.indices.filter {
        !chosen.contains($0)
          && DeliveryDigests.sizeClass(files[$0].count) == DeliveryDigests.sizeClass(total)
      }
      guard alike.count >= DeliveryDigests.mergedFiles - 1 else { break }
      chosen.formUnion(alike)
      total += alike.reduce(0) { $0 + files[$1].count }
    }
    return chosen.sorted()
  }

  /// Whole logarithm to the base of four.
  static func sizeClass(_ count: Int) -> Int {
    (Int.bitWidth - 1 - max(count, 1).leadingZeroBitCount) / 2
  }
}
