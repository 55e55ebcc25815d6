internal import Bytes
internal import Disk
internal import History

/// Merges sorted digests into one file. Two passes: the first counts, as the table comes first.
struct DigestMerge {
  let new: UnsafeBufferPointer<DigestJournal.Entry>
  let files: [DigestFile]

  private func count(_ source: Int) -> Int {
    source == 0 ? new.count : files[source - 1].count
  }

  private func digest(_ source: Int, _ index: Int) throws -> Digest256 {
    source == 0 ? DigestSort.digest(new[index]) : try files[source - 1].digest(index)
  }

  /// Calls `body` with every digest, in their order and each once.
  private func forEach(_ body: (Digest256) throws -> Void) throws {
    var next = [Int](repeating: 0, count: files.count + 1)
    var last: Digest256?
    while true {
      var least: (digest: Digest256, source: Int)?
      for source in next.indices where next[source] < count(source) {
        let digest = try digest(source, next[source])
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
    try forEach { _ in total += 1 }
    let bits = DigestFileFormat.bits(total)
    var counts = FlatArray<UInt32>(capacity: 1 << bits)
    counts.append(repeating: 0, count: 1 << bits)
    try forEach { counts[DigestFileFormat.bucket($0, bits)] += 1 }
    var writer = DigestFileWriter(file, total: total)
    try writer.begin(counts)
    try forEach { try writer.append($0) }
    return try writer.finish()
  }
}
