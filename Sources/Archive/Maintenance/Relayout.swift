package import Bytes
package import Codec
internal import Disk
internal import Engine
package import History
internal import Synchronization
internal import Trail

// Events come out hour by hour, within an hour commit by commit, and in a commit as they lay. Most parts hold
// events of one folder and one hour: such a part is read once to see that, and once more to be written. The
// text of the others goes through a file in staging.

/// Lays parts into the folders of another layout, record by record and byte for byte.
package struct Relayout: Sendable {
  /// The parts, all of one dialect, as a commit has one. Others are left to the next commit.
  package let parts: [LiveFile]
  /// Parts that stay where they are, whatever their dialect, as they have events of `before` and later.
  package let staying: Int
  private let files: LiveFiles
  private let layout: Layout
  private let dialect: Dialect
  private let partSize: Int
  private let compression: Compression
  private let isAll: Bool

  /// The parts that do not lie by `layout`; with `before` those of which all events were before it.
  package init(
    _ files: LiveFiles, into layout: Layout, before: Timestamp?, partSize: Int,
    compression: PartCompression
  ) throws(CodecError) {
    self.files = files
    self.layout = layout
    self.partSize = partSize
    isAll = before == nil
    let others = files.all(.part).filter { !files.isLaid($0, by: layout) }
    let chosen = others.filter { part in
      guard let before else { return true }
      return part.row.lastTime.map { $0 < before } ?? false
    }
    staying = others.count - chosen.count
    dialect = chosen.first.map { files.dialect(of: $0) } ?? Dialect(name: "", pointers: [:])
    let dialect = dialect
    parts = chosen.filter { files.dialect(of: $0).reads(as: dialect) }.sorted {
      $0.sequence != $1.sequence
        ? $0.sequence < $1.sequence : precedesInBytes($0.row.path, $1.row.path)
    }
    self.compression = compression.of(parts)
    try self.compression.checkForArchive()
  }

  /// Stages the parts anew, and adds them and those that they replace to `commit`.
  package func stage(_ run: StagedRun, _ commit: inout Commit, threads: Int) throws {
    commit.facts.dialect = dialect
    commit.facts.layout = isAll ? layout.template : nil
    let spill = try LineSpill(run.archive.disk, path: run.spillPath)
    let folders = try folders(run.place, spill)
    try spill.flush()
    try write(folders, spill, run, &commit, threads: threads)
    try spill.close()
    commit.retired += parts.compactMap { $0.retired(.compacted) }
    commit.retired += files.orphanedIndexes(commit.retired, .compacted)
    let records = Figures.sum(parts.lazy.map(\.row.records))
    commit.copied += records
    commit.facts.counts.read += records
    commit.facts.counts.written += records
    guard commit.parts.reduce(0, { $0 + $1.records }) == records else {
      throw ArchiveError(
        .damaged,
        "parts do not hold the \(records) records that their manifests speak of: run "
          + "`trailmill verify \(run.archive.path)`")
    }
  }

  // MARK: Where events go

  /// Lines of a part that stand together in a folder.
  private struct Stretch: Sendable {
    var hour: Int64
    /// The part's number among `parts`.
    var part: Int
    /// Where the lines are in the spill file; nil if they are the whole part.
    var spilled: Range<Int64>?
    /// Bytes of text, with line feeds.
    var bytes: Int64
  }

  private struct Folder: Sendable {
    var path: String
    var stretches: [Stretch] = []
    /// Bytes of text, with line feeds.
    var bytes: Int64 { stretches.reduce(0) { $0.addingReportingOverflow($1.bytes).partialValue } }
  }

  /// The folders in the order of their paths, each with its lines in their order.
  private func folders(_ place: StagingPlace, _ spill: LineSpill) throws -> [Folder] {
    var numbers = ByteKeys()
    var folders: [Folder] = []
    let finder = FolderFinder(layout, dialect)
    let lines = try PartLines(place.history)
    for (number, part) in parts.enumerated() {
      for (key, stretch) in try stretches(of: part, number, finder, lines, &numbers, spill) {
        if key == folders.count {
          folders.append(Folder(path: finder.folder(forKey: numbers[key])))
        }
        folders[key].stretches.append(stretch)
      }
    }
    for index in folders.indices {
      // The sort is stable, and lines of an hour are in the order of the commits already.
      folders[index].stretches.sort { $0.hour < $1.hour }
    }
    return folders.sorted { precedesInBytes($0.path, $1.path) }
  }

  /// The stretches of a part, each with the number of its partition's key.
  private func stretches(
    of part: LiveFile, _ number: Int, _ finder: FolderFinder, _ lines: PartLines,
    _ numbers: inout ByteKeys, _ spill: LineSpill
  ) throws -> [(key: Int, stretch: Stretch)] {
    var found: [(key: Int, stretch: Stretch)] = []
    let start = spill.count
    try lines.forEach(of: part) { line in
      guard finder.look(at: line) else {
        throw ArchiveError(noEventIn: part)
      }
      let key = numbers.insert(finder.key.view, hash: ByteKeys.hash(of: finder.key.view))
      let place = spill.count
      try spill.append(line)
      let bytes = spill.count - place
      if let last = found.last, last.key == key, last.stretch.hour == finder.hour {
        found[found.count - 1].stretch.bytes += bytes
        let start = last.stretch.spilled?.lowerBound ?? place
        found[found.count - 1].stretch.spilled = start..<spill.count
        return
      }
      found.append(
        (key, Stretch(hour: finder.hour, part: number, spilled: place..<spill.count, bytes: bytes)))
    }
    if found.count == 1 {
      found[0].stretch.spilled = nil
      try spill.truncate(to: start)
    }
    return found
  }

  // MARK: Writing

  private func write(
    _ folders: [Folder], _ spill: LineSpill, _ run: StagedRun, _ commit: inout Commit, threads: Int
  ) throws {
    // Staged files need names that differ; nobody else sees them.
    var firstIndexes: [Int] = []
    var next = 0
    for folder in folders {
      firstIndexes.append(next)
      next += folder.stretches.count + Int(clamping: folder.bytes / Int64(partSize)) * 2 + 2
    }
    let starts = firstIndexes
    let made = Mutex<[StagedPart]>([])
    let staging = try IndexStaging(run)
    let place = run.place
    let owners = owners()
    try Parallel.inOrder(folders.count, threads: threads) { number in
      try write(folders[number], spill, place, owners, firstIndex: starts[number])
    } take: { _, builder in
      made.withLock { $0 += builder.parts }
      for block in builder.blocks { try staging.append(block, sequence: run.sequence) }
      return true
    }
    commit.parts += made.withLock { $0 }
    commit.files[.index] = try staging.finish()
  }

  /// The commit to name for what was added to the events of each part: the first that added the same.
  private func owners() -> [Int] {
    var first: [AddedMembers: Int] = [:]
    return parts.map { part in
      let commit = files.commitThatAdded(to: part)
      let added = files.added(to: part)
      if let known = first[added] { return known }
      first[added] = commit
      return commit
    }
  }

  private func write(
    _ folder: Folder, _ spill: LineSpill, _ place: StagingPlace, _ owners: [Int], firstIndex: Int
  ) throws -> PartBuilder.Made {
    let builder = try PartBuilder(
      place, compression: compression, partSize: partSize, firstIndex: firstIndex,
      pointers: dialect.pointers, times: dialect.times)
    let lines = try PartLines(place.history)
    var owner = -1
    for stretch in folder.stretches {
      let part = parts[stretch.part]
      if owners[stretch.part] != owner {
        owner = owners[stretch.part]
        try builder.begin(folder.path, files.added(to: part), addedBy: owner)
      }
      if let spilled = stretch.spilled {
        try spill.forEachLine(in: spilled) { line in
          try builder.append(line)
          if stretch.hour == .max { builder.cover(part.row.firstTime, part.row.lastTime) }
        }
      } else {
        try builder.append(linesOf: part, lines)
      }
    }
    return try builder.finish()
  }
}
