package import History
internal import Bytes
package import Codec
internal import Disk
internal import Engine
internal import Synchronization
package import Trail

/// Merges the small parts of each folder, and writes those anew that are to have another format, record by
/// record and byte for byte.
///
/// Late events leave small parts in old folders, every one with a member of its own: they compress
/// worse, and every reader opens every file. Merging rewrites them as larger members in larger parts,
/// and retires the small ones in the same commit; nothing is altered in place.
package struct Compaction: Sendable {
  /// Parts of one folder that become one, or as many as their size asks for.
  package struct Group: Sendable {
    /// The folder.
    package var folder: String
    /// Those of its parts that are small or change their format, in the order of publication.
    package var parts: [LiveFile]
    /// How they are compressed then.
    package var compression: Compression
  }

  /// Parts to merge, by folder: all of one dialect, and the same was added to all of their events, as a
  /// commit has one of each. Others are left to the next commit.
  package let groups: [Group]
  /// The dialect of their events.
  package let dialect: Dialect
  /// What was added to them.
  package let added: AddedMembers
  private let files: LiveFiles
  private let partSize: Int

  /// The parts of less than half of `partSize` bytes, where a folder has more than one of them of one format,
  /// and all that change their format. Throws what `Compression.checkForArchive` throws.
  package init(
    _ files: LiveFiles, partSize: Int, compression: PartCompression
  ) throws(CodecError) {
    self.partSize = partSize
    self.files = files
    let small = files.all(.part).filter {
      $0.row.bytes < Int64(partSize) / 2 || compression.changes($0)
    }
    var kinds: [(dialect: Dialect, added: AddedMembers)] = []
    func isOf(_ kind: (dialect: Dialect, added: AddedMembers), _ part: LiveFile) -> Bool {
      kind.dialect.reads(as: files.dialect(of: part)) && kind.added == files.added(to: part)
    }
    for part in small where !kinds.contains(where: { isOf($0, part) }) {
      kinds.append((files.dialect(of: part), files.added(to: part)))
    }
    for kind in kinds {
      let groups = Compaction.groups(small.filter { isOf(kind, $0) }, compression)
      guard groups.isEmpty else {
        for group in groups { try group.compression.checkForArchive() }
        self.groups = groups
        (dialect, added) = kind
        return
      }
    }
    groups = []
    dialect = Dialect(name: "", pointers: [:])
    added = .unnoted
  }

  private static func groups(_ parts: [LiveFile], _ compression: PartCompression) -> [Group] {
    var groups: [Group] = []
    for parts in Dictionary(grouping: parts, by: { compression.of($0).format }).values {
      groups += Dictionary(grouping: parts) { parent(of: $0.row.path) }
        .filter { $0.value.count > 1 || $0.value.contains(where: compression.changes) }
        .map { folder, parts in
          Group(
            folder: folder,
            parts: parts.sorted { ($0.sequence, $0.row.path) < ($1.sequence, $1.row.path) },
            compression: compression.of(parts))
        }
    }
    return groups.sorted {
      $0.folder == $1.folder
        ? $0.compression.format.rawValue < $1.compression.format.rawValue
        : precedesInBytes($0.folder, $1.folder)
    }
  }

  /// Stages the larger parts, and adds them and those that they replace to `commit`.
  package func stage(_ run: StagedRun, _ commit: inout Commit, threads: Int) throws {
    // Staged files need names that differ; nobody else sees them.
    // A folder makes hardly more parts than it had, even where they are compressed less.
    var firstIndexes: [Int] = []
    var next = 0
    for group in groups {
      firstIndexes.append(next)
      next += group.parts.count * 64
    }
    commit.facts.dialect = dialect
    commit.facts.added = added.isNoted ? added : nil
    try merge(run, &commit, firstIndexes: firstIndexes, threads: threads)
    commit.retired += groups.flatMap { $0.parts.compactMap { $0.retired(.compacted) } }
    commit.retired += files.orphanedIndexes(commit.retired, .compacted)
    let records = Figures.sum(groups.lazy.flatMap(\.parts).map(\.row.records))
    commit.copied += records
    commit.facts.counts.read += records
    commit.facts.counts.written += records
    let written = commit.parts.reduce(0) { $0 + $1.records }
    guard written == records else {
      throw ArchiveError(
        .damaged,
        "parts hold \(written) records, their manifests say \(records): run "
          + "`trailmill verify \(run.archive.path)`")
    }
  }

  /// Merges all groups, several at a time, and takes what they become in their order.
  private func merge(
    _ run: StagedRun, _ commit: inout Commit, firstIndexes: [Int], threads: Int
  ) throws {
    let parts = Mutex<[StagedPart]>([])
    let staging = try IndexStaging(run)
    let place = run.place
    try Parallel.inOrder(groups.count, threads: threads) { number in
      try merge(groups[number], place, firstIndex: firstIndexes[number])
    } take: { _, made in
      parts.withLock { $0 += made.parts }
      for block in made.blocks { try staging.append(block, sequence: run.sequence) }
      return true
    }
    commit.parts += parts.withLock { $0 }
    commit.files[.index] = try staging.finish()
  }

  private func merge(
    _ group: Group, _ place: StagingPlace, firstIndex: Int
  ) throws -> PartBuilder.Made {
    let builder = try PartBuilder(
      place, compression: group.compression, partSize: partSize, firstIndex: firstIndex,
      pointers: dialect.pointers, times: dialect.times)
    try builder.begin(group.folder, added)
    let lines = try PartLines(place.history)
    for part in group.parts { try builder.append(linesOf: part, lines) }
    return try builder.finish()
  }
}
