package import History
package import Bytes
internal import Disk

/// The digests of the deliveries in an archive: those of earlier runs, to be looked up on any thread, and
/// those of the run that is under way.
///
/// New digests go to a file without a name as they come, so that they take no memory beside what
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
  private var files: [DigestFile]
  private var journal: File?
  private var buffer = ByteBuffer(capacity: 16)
  private var count = 0

  /// The digests of `run`'s archive. Throws where a file of them is not there or is none.
  package init(_ run: StagedRun) throws(ArchiveError) {
    disk = run.archive.disk
    self.run = run
    rows = run.archive.state.all(.digests)
    do { files = try DeliveryDigests.open(rows, run) } catch {
      throw ArchiveError(beforeCommit: error)
    }
  }

  private static func open(_ rows: [ManifestRow], _ run: StagedRun) throws -> [DigestFile] {
    guard !rows.isEmpty else { return [] }
    let history = run.archive.manifests
    let sources = try rows.map { row in
      try row.blocksRoot.map { try BlockReader(history, row, root: $0) }
    }
    var places: [Int] = []
    var end = 0
    for (row, source) in zip(rows, sources) {
      let count = source?.content ?? Int(clamping: row.bytes)
      guard count <= HashedBlocks.longest else { throw BlockReader.altered(history, row) }
      places.append(end)
      end += HashedBlocks.count(count) * HashedBlocks.size
    }
    let copy = try CheckedCopy(run.archive.disk, run.digestCopyPath, bytes: end)
    return try rows.indices.map { index in
      let (row, place) = (rows[index], places[index])
      let checked =
        try sources[index].map { CheckedFile($0, copy, at: place) }
        ?? CheckedFile(history, row, copy, at: place)
      guard let file = try DigestFile(checked), file.count == row.records else {
        throw BlockReader.altered(history, row)
      }
      return file
    }
  }

  /// True if an earlier run wrote a delivery with this digest. Safe on any thread. Throws, with the kind
  /// `damaged`, where what it looks at is not what was committed.
  package func contains(_ digest: Digest256) throws -> Bool {
    for file in files.reversed() where try file.contains(digest) { return true }
    return false
  }

  /// Remembers a delivery that this run writes, and that no earlier one wrote.
  package func add(_ digest: Digest256) throws {
    digest.withBytes { buffer.append($0) }
    count += 1
    if buffer.count >= DeliveryDigests.chunk { try flush() }
  }

  private func flush() throws {
    let file = try journal ?? disk.createNameless(run.journalPath)
    journal = file
    try file.write(all: buffer.view)
    buffer.removeAll()
  }

  /// Stages the run's file of digests, merged with those of its size; nil if there is nothing new.
  /// `merged` are the files that it stands for from now on. Nothing can be looked up after that: what was
  /// copied of earlier files is not to be written out when the commit forces its own to the medium.
  package func finish() throws -> (file: StagedFile, merged: [RetiredFile])? {
    defer { files = [] }
    guard count > 0 else { return nil }
    try flush()
    guard let journal else { return nil }
    defer { self.journal = nil }
    let new = try MappedFile(journal, writable: true)
    DigestSort.sort(new.mutableBytes)
    let chosen = filesToMerge()
    let merge = DigestMerge(new: new.bytes, files: chosen.map { files[$0] })
    let staged = try merge.write(to: try run.create(.digests))
    try journal.close()
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
