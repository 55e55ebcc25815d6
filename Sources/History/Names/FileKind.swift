internal import Disk
internal import Bytes
internal import Codec

/// A kind of file that commits publish.
///
/// All that tells one kind from another lies in `traits`; what the files hold lies with whoever writes
/// them. The raw value is the kind's name in manifests and in staging. Manifests list kinds in the order of
/// the cases.
package enum FileKind: String, CaseIterable, Sendable {
  /// Events, compressed.
  case part
  /// Rows of the key table that earlier runs did not write.
  case keys
  /// Which members of the commit's parts may hold what a search looks for.
  case index
  /// Digests of the deliveries that a run wrote, for `deduplicate`.
  case digests
  /// Records that were turned away, and why.
  case quarantine
  /// The signals that a run found.
  case signals
  /// What `flag_signals` carries from one run to the next.
  case watch
  /// A snapshot of `ArchiveState`.
  case checkpoint

  /// What tells a kind from the others.
  private struct Traits {
    var place: Place
    /// What its names end in.
    var fileExtension = ""
    /// Who may read and write its files.
    var mode: UInt32 = 0o644
    var memory = Memory.none
    var retirement: Retirement
  }

  private var traits: Traits {
    switch self {
    case .part: Traits(place: .partition, retirement: .withParts)
    case .keys:
      Traits(
        place: .folder("keys", namedBy: .content), fileExtension: ".ndjson", memory: .all,
        retirement: .never)
    case .index:
      Traits(
        place: .folder("index", namedBy: .run), fileExtension: ".index", retirement: .withParts)
    case .digests:
      Traits(
        place: .folder("digests", namedBy: .run), fileExtension: ".digests", memory: .all,
        retirement: .by([.run, .replace, .retry]))
    case .quarantine:
      Traits(
        place: .folder("quarantine", namedBy: .run),
        fileExtension: ".rejects" + CompressionFormat.gzip.nameEnding, mode: 0o600,
        retirement: .by([.expire, .retry]))
    case .signals:
      Traits(
        place: .folder("signals", namedBy: .run), fileExtension: ".ndjson",
        retirement: .by([.expire]))
    case .watch:
      Traits(
        place: .folder("watch", namedBy: .run), fileExtension: ".ndjson", memory: .newest,
        retirement: .by([.run, .replace, .retry]))
    case .checkpoint:
      Traits(
        place: .folder("checkpoints", namedBy: .commit), fileExtension: ".ndjson",
        retirement: .bySuccessor)
    }
  }

  // MARK: Places

  /// Where files of a kind lie.
  enum Place: Equatable {
    /// In the folders of partitions: see `PartNames`.
    case partition
    /// In a folder below `_trailmill`.
    case folder(String, namedBy: NameSource)
  }

  /// What a file is called by.
  enum NameSource {
    /// The name of its run.
    case run
    /// The number of its commit.
    case commit
    /// The SHA-256 of what it holds.
    case content
  }

  var place: Place { traits.place }

  /// What names of this kind end in; empty for parts, whose format decides.
  package var fileExtension: String { traits.fileExtension }

  /// The permissions of its files.
  package var mode: UInt32 { traits.mode }

  /// What its file is called in the commit's folder in staging. Parts have numbers there.
  package var stagedName: String { rawValue }

  /// What file `number` of the kind is called there, counted from 0: most commits have one at most.
  package func stagedName(_ number: Int) -> String {
    number == 0 ? stagedName : "\(stagedName)-\(number)"
  }

  /// Where file `number` of the kind of a commit lies, relative to the archive. Parts are called by
  /// `PartNames`.
  package func path(
    _ file: StagedFile, _ number: Int = 0, sequence: Int, runName: String
  ) -> String {
    switch traits.place {
    case .partition: preconditionFailure("a part is not called by its commit alone")
    case .folder(let folder, namedBy: .run):
      path(folder, number == 0 ? runName : "\(runName)-\(number)")
    case .folder(let folder, namedBy: .content): path(folder, file.sha256.hex)
    case .folder(let folder, namedBy: .commit): path(folder, ManifestNames.number(sequence))
    }
  }

  /// Where the file of a kind lies that is called by the number of its commit alone.
  package func path(ofCommit sequence: Int) -> String {
    guard case .folder(let folder, namedBy: .commit) = traits.place else {
      preconditionFailure("a file that is not called by its commit alone")
    }
    return path(folder, ManifestNames.number(sequence))
  }

  private func path(_ folder: String, _ name: String) -> String {
    "\(ArchiveNames.folder)/\(folder)/\(name)\(traits.fileExtension)"
  }

  /// The kind whose files have such paths; nil for a path that no file of a commit has. The first folder is
  /// compared without letter case: a file system may not tell them apart.
  package init?(ofPath path: String) {
    let components = pathNames(path)
    guard let first = components.first, let name = components.last, components.count > 1,
      FileOrigin(path: path) != nil
    else { return nil }
    guard first.lowercased() == ArchiveNames.folder else {
      guard CompressionFormat(ofLinesNamed: String(name)) != nil else { return nil }
      self = .part
      return
    }
    let kind = FileKind.allCases.first { kind in
      guard case .folder(let folder, _) = kind.place else { return false }
      return components.dropLast().elementsEqual([ArchiveNames.folder[...], folder[...]])
        && name.hasSuffix(kind.fileExtension)
    }
    guard let kind else { return nil }
    self = kind
  }

  /// True for the path of a part: all that lies outside `_trailmill`.
  package static func isPart(_ path: String) -> Bool {
    !path.utf8.starts(with: (ArchiveNames.folder + "/").utf8)
  }

  // MARK: Memory

  /// Which files of a kind a later run has to know.
  package enum Memory {
    case none
    /// The newest stands for all before it.
    case newest
    case all
  }

  /// Which of its files are part of `ArchiveState`, and so of checkpoints.
  package var memory: Memory { traits.memory }

  /// Kinds that checkpoints list, in their order: that of the names.
  package static let remembered = allCases.filter { $0.memory != .none }
    .sorted { $0.rawValue < $1.rawValue }

  // MARK: Retirement

  /// Which commits may take files of a kind out.
  package enum Retirement {
    case never
    case by(Set<CommitKind>)
    /// Those that retire parts, or make indexes anew.
    case withParts
    /// Those that publish another one.
    case bySuccessor
  }

  /// Which commits may take its files out.
  package var retirement: Retirement { traits.retirement }
}
