internal import Bytes
public import Codec
internal import Disk
internal import Engine
internal import Synchronization

/// Merges the small parts of each folder, record by record and byte for byte.
///
/// Late events leave small parts in old folders, every one with a member of its own: they compress
/// worse, and every reader opens every file. Merging rewrites them as larger members in larger parts,
/// and retires the small ones in the same commit; nothing is altered in place.
public struct Compaction: Sendable {
  /// Parts of one folder that become one, or as many as their size asks for.
  public struct Group: Sendable {
    /// The folder.
    public var folder: String
    /// Its small parts, in the order of publication.
    public var parts: [LiveFile]
  }

  /// What is to be merged, by folder.
  public let groups: [Group]
  private let partSize: Int
  private let compression: Compression
  private static let fileExtension = ".ndjson.gz"

  /// The parts of less than half of `partSize` bytes, where a folder has more than one of them.
  public init(_ files: LiveFiles, partSize: Int, compression: Compression) {
    self.partSize = partSize
    self.compression = compression
    var folders: [String: [LiveFile]] = [:]
    for part in files.all(.part)
    where part.row.bytes < Int64(partSize) / 2 && part.row.path.hasSuffix(Compaction.fileExtension)
    {
      folders[parent(of: part.row.path), default: []].append(part)
    }
    groups = folders.filter { $0.value.count > 1 }
      .map { folder, parts in
        Group(
          folder: folder,
          parts: parts.sorted { ($0.sequence, $0.row.path) < ($1.sequence, $1.row.path) })
      }
      .sorted { precedesInBytes($0.folder, $1.folder) }
  }

  /// Stages the larger parts, and adds them and what they replace to `commit`.
  public func stage(_ run: StagedRun, _ commit: inout Commit, threads: Int) throws {
    let made = Mutex([[StagedPart]](repeating: [], count: groups.count))
    // Staged files need names that differ; nobody else sees them.
    let stride = 100_000
    let place = run.place
    try Parallel.forEach(groups.count, threads: threads) { number in
      let parts = try merge(groups[number], place, firstIndex: number * stride)
      made.withLock { $0[number] = parts }
    }
    commit.parts += made.withLock { $0.flatMap { $0 } }
    commit.retired += groups.flatMap { $0.parts.compactMap { $0.retired(.compacted) } }
    let records = groups.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.row.records } }
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

  private func merge(
    _ group: Group, _ place: StagingPlace, firstIndex: Int
  ) throws -> [StagedPart] {
    let builder = try PartBuilder(
      place, compression: compression, partSize: partSize, firstIndex: firstIndex)
    try builder.begin(group.folder)
    var reader = try PartReader(place.disk)
    for part in group.parts {
      try reader.forEachLine(place.archive + "/" + part.row.path, part.row) { line in
        try builder.append(line, time: nil)
        builder.cover(part.row.firstTime, part.row.lastTime)
      }
    }
    try builder.end()
    return builder.parts
  }
}
