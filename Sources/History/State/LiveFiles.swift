package import Bytes
internal import Disk
package import Trail

/// A published file that was not taken out.
package struct LiveFile: Sendable {
  /// The commit that published it.
  package var sequence: Int
  /// Its row.
  package var row: ManifestRow

  package init(sequence: Int, row: ManifestRow) {
    self.sequence = sequence
    self.row = row
  }

  /// Where it can be, relative to the archive, to be tried in this order: a commit that was made meanwhile
  /// may have given it its name, or taken it out.
  package var places: [String] {
    StagingNames.places(of: row.path, sequence: sequence, staged: row.staged)
      + [PartNames.retired(row.path), row.path]
  }

  /// As a commit takes it out.
  package func retired(_ reason: RetiredFile.Reason) -> RetiredFile? { row.retired(reason) }
}

/// A file that a commit took out.
package struct FormerFile: Equatable, Sendable {
  /// Relative to the archive.
  package var path: String
  /// Where it lies until it is removed, relative to the archive.
  package var place: String
  /// The commit that took it out.
  package var sequence: Int
  /// When that commit was.
  package var time: Timestamp?
}

/// The exact set of an archive's files: all that was published less what was taken out. Made from
/// every manifest.
package struct LiveFiles: Sendable {
  private var files: [String: LiveFile] = [:]
  /// Files that were taken out, in the order of the commits.
  package private(set) var former: [FormerFile] = []
  /// Holds by name.
  package private(set) var holds: [String: Hold] = [:]
  /// The dialect of each commit's events, by the commit's number.
  package private(set) var dialects: [Int: Dialect] = [:]
  /// What each commit added to its events, by the commit's number, where it says so.
  private var added: [Int: AddedMembers] = [:]
  /// The layout of each commit's parts, by the commit's number, where it says so.
  private var layouts: [Int: String] = [:]
  /// Commits that made indexes of other commits' parts.
  package private(set) var indexCommits: Set<Int> = []
  /// When each commit was.
  package private(set) var finished: [Int: Timestamp] = [:]

  /// Reads the history.
  package init(_ history: ArchiveHistory) throws(ArchiveError) {
    do {
      try history.forEach { header, rows in apply(header, rows) }
    } catch { throw ArchiveError(reading: error) }
  }

  private mutating func apply(_ header: ManifestHeader, _ rows: [ManifestRow]) {
    finished[header.sequence] = header.finished
    if header.kind == .index { indexCommits.insert(header.sequence) }
    for row in rows {
      switch row.kind {
      case .file:
        files[row.path] = LiveFile(sequence: header.sequence, row: row)
      case .retired:
        files[row.path] = nil
        former.append(
          FormerFile(
            path: row.path, place: row.isMovedOut ? PartNames.retired(row.path) : row.path,
            sequence: header.sequence, time: header.finished))
      case .hold: holds[row.path] = Hold(row)
      case .release: holds[row.path] = nil
      case .dialect:
        dialects[header.sequence] = row.dialect
      case .added: added[header.sequence] = row.added
      case .layout: layouts[header.sequence] = row.path
      case .definition, .table, .input, .signingKey: break
      }
    }
  }

  /// The files of a kind, by path.
  package func all(_ kind: FileKind) -> [LiveFile] {
    // Paths are sorted, not files: these are large, and there may be hundreds of thousands.
    let paths = files.compactMap { $0.value.row.kind == .file(kind) ? $0.key : nil }
    return paths.sorted(by: precedesInBytes).compactMap { files[$0] }
  }
}

extension LiveFiles {
  /// The dialect of a part's events; one without pointers if its commit notes none.
  package func dialect(of part: LiveFile) -> Dialect {
    dialects[part.sequence] ?? Dialect(name: "", pointers: [:])
  }

  /// The template of the layout by which a part's folder was chosen; nil if its commit does not note it.
  package func layout(of part: LiveFile) -> String? { layouts[part.sequence] }

  /// What was added to a part's events: all that can be, if the version that wrote it did not note it.
  package func added(to part: LiveFile) -> AddedMembers {
    added[commitThatAdded(to: part)] ?? .unnoted
  }

  /// The commit whose row about added members holds for a part.
  package func commitThatAdded(to part: LiveFile) -> Int { part.row.addedBy ?? part.sequence }

  /// Indexes of commits of which no part is left when `retired` have gone.
  package func orphanedIndexes(
    _ retired: [RetiredFile], _ reason: RetiredFile.Reason
  ) -> [RetiredFile] {
    let paths = Set(retired.map(\.path))
    let kept = Set(all(.part).filter { !paths.contains($0.row.path) }.map(\.sequence))
    let had = Set(all(.part).map(\.sequence))
    return all(.index).filter { had.contains($0.sequence) && !kept.contains($0.sequence) }
      .compactMap { $0.retired(reason) }
  }
}

extension Hold {
  package init(_ row: ManifestRow) {
    self.init(
      name: row.path, window: TimeWindow(since: row.firstTime, until: row.lastTime),
      reason: row.reason ?? "")
  }
}
