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

/// Sorts digests that lie end to end, where they are.
///
/// Their bits are as good as random, so the first bytes put each close to its place: one pass by the
/// first byte (American flag sort), then each of the 256 parts again while it is large, and the small
/// ones by insertion. Someone who chooses payloads cannot choose digests, so no part stays large.
enum DigestSort {
  private static let size = DigestFileFormat.digestSize

  static func sort(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress else { return }
    let count = bytes.count / size
    UnsafeMutableRawPointer(base).withMemoryRebound(to: RawDigest.self, capacity: count) {
      sort(UnsafeMutableBufferPointer(start: $0, count: count), byte: 0)
    }
  }

  private typealias RawDigest = (UInt64, UInt64, UInt64, UInt64)

  private static func key(_ digest: RawDigest, _ byte: Int) -> Int {
    Int(truncatingIfNeeded: (UInt64(bigEndian: digest.0) >> UInt64(56 - byte * 8)) & 0xFF)
  }

  private static func precedes(_ left: RawDigest, _ right: RawDigest) -> Bool {
    Digest256(
      UInt64(bigEndian: left.0), UInt64(bigEndian: left.1), UInt64(bigEndian: left.2),
      UInt64(bigEndian: left.3))
      < Digest256(
        UInt64(bigEndian: right.0), UInt64(bigEndian: right.1), UInt64(bigEndian: right.2),
        UInt64(bigEndian: right.3))
  }

  private static func sort(_ digests: UnsafeMutableBufferPointer<RawDigest>, byte: Int) {
    guard digests.count > 32, byte < 8 else { return insertionSort(digests) }
    var ends = [Int](repeating: 0, count: 257)
    for digest in digests { ends[key(digest, byte) + 1] += 1 }
    for bucket in 0..<256 { ends[bucket + 1] += ends[bucket] }
    var next = ends
    for bucket in 0..<256 {
      while next[bucket] < ends[bucket + 1] {
        let at = next[bucket]
        let home = key(digests[at], byte)
        if home == bucket {
          next[bucket] += 1
        } else {
          digests.swapAt(at, next[home])
          next[home] += 1
        }
      }
    }
    for bucket in 0..<256 where ends[bucket + 1] - ends[bucket] > 1 {
      sort(.init(rebasing: digests[ends[bucket]..<ends[bucket + 1]]), byte: byte + 1)
    }
  }

  private static func insertionSort(_ digests: UnsafeMutableBufferPointer<RawDigest>) {
    guard digests.count > 1 else { return }
    for index in 1..<digests.count {
      let digest = digests[index]
      var at = index
      while at > 0, precedes(digest, digests[at - 1]) {
        digests[at] = digests[at - 1]
        at -= 1
      }
      digests[at] = digest
    }
  }
}

/// Merges sorted digests into one file. Two passes: the first counts, as the table comes first.
private struct DigestMerge {
  let new: ByteView
  let files: [DigestFile]

  private func count(_ source: Int) -> Int {
    source == 0 ? new.count / DigestFileFormat.digestSize : files[source - 1].count
  }

  private func digest(_ source: Int, _ index: Int) -> Digest256 {
    guard source == 0 else { return files[source - 1].digest(index) }
    let start = index * DigestFileFormat.digestSize
    return Digest256(ByteView(rebasing: new[start..<start + DigestFileFormat.digestSize]))
      ?? Digest256(0, 0, 0, 0)
  }

  /// Calls `body` with every digest, in their order and each once.
  private func forEach(_ body: (Digest256) throws -> Void) rethrows {
    var next = [Int](repeating: 0, count: files.count + 1)
    var last: Digest256?
    while true {
      var least: (digest: Digest256, source: Int)?
      for source in next.indices where next[source] < count(source) {
        let digest = digest(source, next[source])
        if least.map({ digest < $0.digest }) ?? true { least = (digest, source) }
      }
      guard let least else { return }
      next[least.source] += 1
      if least.digest != last { try body(least.digest) }
      last = least.digest
    }
  }

  func write(to file: File) throws -> StagedFile {
    var total = 0
    forEach { _ in total += 1 }
    let bits = DigestFileFormat.bits(total)
    var counts = FlatArray<UInt32>(capacity: 1 << bits)
    counts.append(repeating: 0, count: 1 << bits)
    forEach { counts[DigestFileFormat.bucket($0, bits)] += 1 }
    var writer = DigestFileWriter(file, total: total)
    try writer.begin(counts)
    try forEach { try writer.append($0) }
    return try writer.finish()
  }
}
