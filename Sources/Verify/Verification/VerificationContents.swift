internal import Archive
internal import Bytes
internal import Codec
internal import History
internal import Disk

/// Holds the published files against what their rows say.
struct VerificationContents {
  let reader: ArchiveReader
  private(set) var inventory: ArchiveInventory
  let options: VerificationOptions

  /// Digests of files that were read, by path; kept from round to round.
  var digests: [String: ReadOutcome] = [:]
  private(set) var discrepancies: [Discrepancy] = []
  /// Rows whose root is not that of the file.
  private(set) var contradictions: [VerificationFinding] = []
  /// Files that are gone, and were perhaps taken out by a commit of which the rows are lost.
  private(set) var perhapsRetired = 0
  /// Files that still wait in staging for their names.
  private(set) var waiting = 0
  /// Files of which only the size was compared because they are older than what was asked for.
  private(set) var notRead = 0
  /// Quarantines that this user may not read, as is meant.
  private(set) var notAllowed = 0
  /// Files in folders that this user may not look into.
  private(set) var hidden = 0

  init(_ reader: ArchiveReader, _ inventory: ArchiveInventory, _ options: VerificationOptions) {
    self.reader = reader
    self.inventory = inventory
    self.options = options
  }

  /// Goes by what is there now. What was read need not be read again: no file of a commit changes.
  mutating func lookAgain(_ inventory: ArchiveInventory) {
    self.inventory = inventory
    digests = digests.filter { if case .digest = $0.value { true } else { false } }
  }

  /// Compares all files that should be there, and those that were taken out as far as they are.
  mutating func check(
    _ live: [String: CoveredFile], former: [String: CoveredFile],
    lostRetirements: [FileKind: Int]
  ) throws {
    (discrepancies, contradictions) = ([], [])
    (perhapsRetired, waiting, notRead, notAllowed, hidden) = (0, 0, 0, 0, 0)
    try checkFormer(former)
    var reading: [(path: String, place: String)] = []
    for (path, file) in live {
      guard let (place, size) = try locate(path, file) else {
        if inventory.isHidden(path) {
          hidden += 1
        } else if file.mayRetire(by: lostRetirements) {
          perhapsRetired += 1
        } else {
          report(path, file, .missing, "nothing")
        }
        continue
      }
      if size != file.bytes {
        report(
          path, file, try isCutOff(path, place, size < file.bytes) ? .truncated : .altered,
          "\(size) bytes")
      } else if !options.isQuick {
        if file.isRecent { reading.append((path, place)) } else { notRead += 1 }
      }
    }
    reading.sort { precedesInBytes($0.path, $1.path) }
    try read(reading.map(\.place))
    var hashed: [(path: String, place: String, file: CoveredFile)] = []
    for (path, place) in reading {
      guard let file = live[path] else { continue }
      switch digests[place] {
      case .digest(file.sha256): if file.blocksRoot != nil { hashed.append((path, place, file)) }
      case .digest(let digest):
        report(path, file, .altered, "\(file.bytes) bytes, SHA-256 \(digest.hex)", digest)
      case .forbidden where file.kind == .quarantine: notAllowed += 1
      case .forbidden: report(path, file, .unreadable, ArchiveInventory.noPermission)
      case .failed(let reason): report(path, file, .unreadable, reason)
      case .missing, nil: report(path, file, .missing, "nothing")
      }
    }
    try checkBlocks(hashed)
  }

  /// Compares what was taken out and is not removed yet. It may go at any time.
  private mutating func checkFormer(_ former: [String: CoveredFile]) throws {
    var reading: [String] = []
    for (path, file) in former {
      // An index retires also where it is damaged, and a new one was made.
      let isIndex = file.kind.map { $0 == .index } ?? (PartNames.path(ofRetired: path) == nil)
      guard let size = inventory.sizes[path], !isIndex else { continue }
      if size != file.bytes {
        report(
          path, file, try isCutOff(path, path, size < file.bytes) ? .truncated : .altered,
          "\(size) bytes", isFormer: true)
      } else if !options.isQuick, file.isRecent {
        reading.append(path)
      }
    }
    reading.sort(by: precedesInBytes)
    try read(reading)
    for path in reading {
      guard let file = former[path] else { continue }
      switch digests[path] {
      case .digest(file.sha256), .missing, nil: break
      case .digest(let digest):
        report(
          path, file, .altered, "\(file.bytes) bytes, SHA-256 \(digest.hex)", digest,
          isFormer: true)
      case .forbidden where file.kind == .quarantine: notAllowed += 1
      case .forbidden:
        report(path, file, .unreadable, ArchiveInventory.noPermission, isFormer: true)
      case .failed(let reason): report(path, file, .unreadable, reason, isFormer: true)
      }
    }
  }

  /// Compares the roots of files that are what their rows say, and the hashes at their ends, with their
  /// blocks: a run believes these.
  private mutating func checkBlocks(
    _ files: [(path: String, place: String, file: CoveredFile)]
  ) throws {
    let fits = try reader.fit(
      files.map { ($0.place, $0.file.bytes, $0.file.blocksRoot) }, threads: options.threads)
    for ((path, _, file), fits) in zip(files, fits) where !fits {
      let root = file.blocksRoot?.hex ?? "none"
      contradictions.append(
        VerificationFinding(
          kind: .inconsistent, path: path,
          expected: "blocks with the root \(root), and their hashes at its end",
          found: "other blocks, or other hashes"))
    }
  }

  /// Reads what was not read before.
  mutating func read(_ places: [String]) throws {
    let new = places.filter { digests[$0] == nil }
    for (place, outcome) in zip(new, try reader.digests(new, threads: options.threads)) {
      digests[place] = outcome
    }
  }

  /// Those files that hold the same as another one of them.
  mutating func copies(among paths: [String]) throws -> Set<String> {
    let bySize = Dictionary(grouping: paths) { inventory.sizes[$0] }
    let alike = bySize.values.filter { $0.count > 1 }.flatMap { $0 }.sorted(by: precedesInBytes)
    try read(alike)
    var holders: [Digest256: [String]] = [:]
    for path in alike {
      guard case .digest(let digest) = digests[path] else { continue }
      holders[digest, default: []].append(path)
    }
    return Set(holders.values.filter { $0.count > 1 }.flatMap { $0 })
  }

  /// Whether a file of another length is what is left of the one that was committed: shorter, and not whole
  /// in itself where it is compressed.
  private func isCutOff(_ path: String, _ place: String, _ isShorter: Bool) throws -> Bool {
    let name = PartNames.path(ofRetired: path) ?? path
    let format = CompressionFormat(ofFileNamed: name)
    guard isShorter, format != .none else { return isShorter }
    do { return try reader.endsInsideMember(place, of: format) } catch { return true }
  }

  /// Where a file lies, and its size: at its path, or in staging if its commit is still to be completed,
  /// or at its path because that was done just now.
  private mutating func locate(
    _ path: String, _ file: CoveredFile
  ) throws -> (place: String, size: Int64)? {
    if let size = inventory.sizes[path] { return (path, size) }
    for place in StagingNames.places(of: path, sequence: file.sequence, staged: file.staged) {
      guard let status = try reader.status(place), status.kind == .regular else { continue }
      if place != path { waiting += 1 }
      return (place, status.size)
    }
    return nil
  }

  private mutating func report(
    _ path: String, _ file: CoveredFile, _ kind: VerificationFinding.Kind, _ found: String,
    _ actual: Digest256? = nil, isFormer: Bool = false
  ) {
    let rest = isFormer ? ", until it is removed" : ""
    discrepancies.append(
      Discrepancy(
        path: path, kind: kind,
        expected: "\(file.bytes) bytes, SHA-256 \(file.sha256.hex)\(rest)", found: found,
        genuine: file.sha256, actual: actual))
  }
}

extension VerificationReplay {
  /// The last commit of which the rows are lost, and that may have taken out files of a kind, by the kind.
  var lostRetirements: [FileKind: Int] {
    var last: [FileKind: Int] = [:]
    for gap in gaps {
      for kind in FileKind.allCases where gap.mayRetire(kind) {
        last[kind] = max(last[kind] ?? 0, gap.sequence)
      }
    }
    return last
  }
}

extension CoveredFile {
  /// True if one of these commits, each the last that may have taken out files of a kind, may have taken
  /// this one out.
  func mayRetire(by lostRetirements: [FileKind: Int]) -> Bool {
    guard let kind, let last = lostRetirements[kind] else { return false }
    return last > sequence
  }
}

extension VerificationReplay.Gap {
  /// True if the commit may have taken files of a kind out.
  fileprivate func mayRetire(_ kind: FileKind) -> Bool {
    switch (kind.retirement, header) {
    case (.never, _): false
    case (_, nil): true
    case (.by(let kinds), let header?): kinds.contains(header.kind)
    case (.withParts, let header?): header.retiredParts > 0 || header.kind == .index
    case (.bySuccessor, let header?): header.checkpoint?.sequence == sequence
    }
  }
}
