package import History
internal import Bytes
internal import Disk
internal import Engine
internal import Trail

/// Makes the index of parts that have none, or none that can be trusted.
package struct IndexMending: Sendable {
  /// Parts without an index.
  package let parts: [LiveFile]
  private let history: ArchiveHistory
  private let files: LiveFiles
  private let damaged: [RetiredFile]

  /// Finds the parts that need an index.
  package init(_ history: ArchiveHistory, _ files: LiveFiles, threads: Int) throws {
    let all = files.all(.part)
    var indexes = SearchIndexes(history, files, of: all)
    let hasIndex = try indexes.map(threads: threads) { _, _ in true }
    self.history = history
    self.files = files
    parts = zip(all, hasIndex).compactMap { part, hasIndex in hasIndex == nil ? part : nil }
    let unusable = Set(indexes.unusable)
    damaged = files.all(.index).filter { unusable.contains($0.row.path) }
      .compactMap { $0.retired(.replaced) }
  }

  /// Stages the index, and adds it and the damaged indexes that it replaces to `commit`.
  package func stage(_ run: StagedRun, _ commit: inout Commit, threads: Int) throws {
    let staging = try IndexStaging(run)
    let parts = parts
    try Parallel.inOrder(parts.count, threads: threads) { number in
      try block(of: parts[number])
    } take: { number, block in
      if let block { try staging.append(block, sequence: parts[number].sequence) }
      return true
    }
    commit.files[.index] = try staging.finish()
    commit.retired += damaged
  }

  private func block(of part: LiveFile) throws -> IndexBlock? {
    guard let number = part.row.staged.flatMap(StagingNames.partNumber) else { return nil }
    let maker = PartIndexMaker(ArchivedEvent(files.dialect(of: part), files.added(to: part)))
    let lines = try PartLines(history)
    try lines.forEach(of: part, memberEnd: { try maker.endMember(at: $0) }) { maker.add($0) }
    return try maker.block(number)
  }
}

/// Makes the index of a part out of its lines.
private final class PartIndexMaker {
  private var collector: TermCollector
  private var builder = PartIndexBuilder()

  init(_ event: ArchivedEvent) { collector = TermCollector(event) }

  func add(_ line: ByteView) {
    collector.add(line)
    builder.count(text: line.count + 1, records: 1)
  }

  func endMember(at end: Int64) throws {
    builder.take(&collector)
    try builder.endMember(at: end)
  }

  func block(_ number: Int) throws -> IndexBlock {
    var block = ByteBuffer(capacity: 1 << 12)
    try builder.appendBlock(to: &block)
    return IndexBlock(number: number, members: builder.members, bytes: block.bytes)
  }
}
