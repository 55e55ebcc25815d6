internal import Crypto
internal import History
internal import Bytes
internal import Disk

/// Replays the commits from the oldest on: checks each, and keeps the set of files that should be there.
struct VerificationReplay {
  /// A commit of which the rows are lost.
  struct Gap {
    var sequence: Int
    /// Its header, if that is sound.
    var header: ManifestHeader?
  }

  let reader: ArchiveReader
  let chain: ManifestChain
  let options: VerificationOptions

  /// Published files that were not taken out, by path.
  var live: [String: CoveredFile] = [:]
  /// Files that were taken out, by where they lie until they are removed.
  var former: [String: CoveredFile] = [:]
  /// The commits that took parts from their places, by the path.
  var leaving: [String: Int] = [:]
  var gaps: [Gap] = []
  var discrepancies: [Discrepancy] = []
  var findings: [VerificationFinding] = []
  /// Files of manifests whose place is known, right or wrong.
  var manifestFiles: Set<String> = []
  /// Digests of those that are right.
  var digests: [String: Digest256] = [:]
  /// Files of manifests that no sound header covers.
  var unchecked: Set<String> = []
  var keys = TrustedKeys()
  private var state = ArchiveState()
  /// True as long as `state` is what a run would have had.
  private var isStateKnown = true

  init(_ reader: ArchiveReader, _ chain: ManifestChain, _ options: VerificationOptions) {
    self.reader = reader
    self.chain = chain
    self.options = options
  }

  /// Goes through all commits.
  mutating func run() throws {
    var sequence = 1
    while sequence <= chain.newest {
      try take(sequence)
      sequence += 1
    }
    checkTrust()
  }

  private mutating func take(_ sequence: Int) throws {
    let link = chain.links[sequence - 1]
    let text =
      try reader.text(
        ManifestNames.headerPath(sequence), longest: ReadLimit.header) ?? []
    let header = text.withUnsafeBufferPointer { ManifestHeader($0, sequence: sequence) }
    try note(link, sequence)
    let isSound = link.standing == .sound && !link.isSuspect
    try takeSignature(sequence, isSound ? header : nil, text)
    guard let rows = try takeRows(sequence, header, isSound: isSound) else {
      gaps.append(Gap(sequence: sequence, header: isSound ? header : nil))
      isStateKnown = false
      return
    }
    if isSound, let header { check(header, rows.rows) }
    apply(rows.rows, sequence, header)
    // Rows that nobody vouches for are good enough to know what should be there, not to accuse.
    guard isSound, let header else {
      isStateKnown = false
      return
    }
    state.apply(header, rows.rows)
  }

  // MARK: Headers

  private mutating func note(_ link: ManifestChain.Link, _ sequence: Int) throws {
    let path = ManifestNames.headerPath(sequence)
    manifestFiles.insert(path)
    let isRelocated = reader.relocations[path] != nil
    if link.standing == .sound, !isRelocated {
      digests[path] = link.digest
      return
    }
    let text = isRelocated ? try reader.contents(path, longest: ReadLimit.header) : nil
    let actual = isRelocated ? text.map(VerificationReplay.digest) : link.digest
    let isCutShort =
      isRelocated
      ? text?.withUnsafeBufferPointer { JSONEnding($0) } == .cutShort
      : link.standing == .truncated
    let genuine = link.genuine
    discrepancies.append(
      Discrepancy(
        path: path, kind: actual == nil ? .missing : isCutShort ? .truncated : .altered,
        expected: genuine.map { "SHA-256 \($0.hex)" } ?? "the header of commit \(sequence)",
        found: actual.map { "SHA-256 \($0.hex)" } ?? "nothing", genuine: genuine, actual: actual,
        wanted: genuine == nil ? .header(sequence) : .digest))
  }

  static func digest(_ text: [UInt8]) -> Digest256 {
    text.withUnsafeBufferPointer { SHA256.digest($0) }
  }

  // MARK: Rows

  /// The rows of a commit, if they are those that its header speaks of, or if that cannot be known.
  private mutating func takeRows(
    _ sequence: Int, _ header: ManifestHeader?, isSound: Bool
  ) throws -> RowsText? {
    let path = ManifestNames.rowsPath(sequence)
    manifestFiles.insert(path)
    let wanted = isSound ? header?.rows : nil
    let rows = try RowsText(reader, reader.relocations[path] ?? path, wanted: wanted)
    let fits = rows.map { rows in header.map { rows.fits($0.rows, $0.rowsRoot) } ?? false } ?? false
    if let rows, fits || (!isSound && rows.isWhole) {
      if reader.relocations[path] == nil {
        if fits { digests[path] = rows.digest } else { unchecked.insert(path) }
      } else {
        let others = try RowsText(reader, path, wanted: wanted)
        accuseRows(path, others, header, rows.digest, isSound: true)
      }
      return rows
    }
    accuseRows(path, rows, header, nil, isSound: isSound)
    return nil
  }

  private mutating func accuseRows(
    _ path: String, _ rows: RowsText?, _ header: ManifestHeader?, _ genuine: Digest256?,
    isSound: Bool
  ) {
    let isShort = rows.map { $0.isCutShort && $0.complete < header?.rows ?? .max } ?? false
    let known = isSound ? header : nil
    discrepancies.append(
      Discrepancy(
        path: path, kind: rows == nil ? .missing : isShort ? .truncated : .altered,
        expected: known.map { "row count \($0.rows), root \($0.rowsRoot.hex)" }
          ?? "the rows of a commit",
        found: rows.map { "row count \($0.count), root \($0.root.hex)" } ?? "nothing",
        genuine: genuine, actual: rows?.digest,
        wanted: known.map { .rows($0.rows, $0.rowsRoot) } ?? .digest))
  }

  // MARK: What they say

  private mutating func apply(_ rows: [ManifestRow], _ sequence: Int, _ header: ManifestHeader?) {
    let isRecent =
      if let since = options.since, let finished = header?.finished { finished >= since } else {
        true
      }
    for row in rows {
      guard let sha256 = row.sha256 else { continue }
      let kind = row.kind.file
      guard kind != nil || row.kind == .retired else { continue }
      let file = CoveredFile(
        sequence: sequence, kind: kind, staged: row.staged ?? "", bytes: row.bytes,
        sha256: sha256, records: row.records, blocksRoot: row.blocksRoot, isRecent: isRecent)
      if kind != nil {
        live[row.path] = file
        former[row.path] = nil
      } else {
        let place = row.isMovedOut ? PartNames.retired(row.path) : row.path
        former[place] = live.removeValue(forKey: row.path) ?? file
        if row.isMovedOut { leaving[row.path] = sequence }
      }
    }
  }

  /// Holds a commit against itself and those before it, and reports the first contradiction.
  private mutating func check(_ header: ManifestHeader, _ rows: [ManifestRow]) {
    let index = header.sequence - 1
    let link = chain.links[index]
    let before = index > 0 ? chain.links[index - 1] : nil
    var contradiction = CommitInvariants(header, rows).contradiction
    if (header.previous == nil) != (index == 0) {
      contradiction = (
        "the head of the commit before", "previous \(header.previous?.hex ?? "null")"
      )
    } else if link.fitsHistory == false, before.map({ $0.standing == .sound }) ?? true {
      contradiction = (
        "a root over the headers before it", "history_root \(header.historyRoot.hex)"
      )
    }
    contradiction = contradiction ?? retirement(rows) ?? keyChange(header, rows)
    if let contradiction {
      findings.append(
        VerificationFinding(
          kind: .inconsistent, path: ManifestNames.headerPath(header.sequence),
          expected: contradiction.expected, found: contradiction.found))
    }
    checkCheckpoint(header, rows)
  }

  /// A key that signs for the first time is announced.
  private mutating func keyChange(
    _ header: ManifestHeader, _ rows: [ManifestRow]
  ) -> (expected: String, found: String)? {
    let changes = rows.compactMap(\.signingKey)
    keys.take(changes)
    guard isStateKnown, let key = header.signingKey, key != state.signingKey,
      !changes.contains(where: { $0.publicKey == key && $0.previous == state.signingKey })
    else { return nil }
    return ("a row that announces the signing key \(key)", "none")
  }

  /// What is retired must have been there.
  private func retirement(_ rows: [ManifestRow]) -> (expected: String, found: String)? {
    var retired: Set<String> = []
    for row in rows where row.kind == .retired {
      guard retired.insert(row.path).inserted else {
        return ("files that retire once", "\(row.path) retires twice")
      }
      guard let file = live[row.path] else {
        if gaps.isEmpty { return ("published files to retire", "\(row.path) retires, and was not") }
        continue
      }
      guard file.sha256 == row.sha256, file.bytes == row.bytes, file.records == row.records else {
        return ("retired files as they were published", "\(row.path) retires as another")
      }
    }
    return nil
  }

  private mutating func checkCheckpoint(_ header: ManifestHeader, _ rows: [ManifestRow]) {
    let row = rows.first { $0.kind == .file(.checkpoint) }
    guard isStateKnown else { return }
    var expected = state.checkpoint
    if let row {
      let (text, count) = state.checkpointText()
      let digest = VerificationReplay.digest(text)
      expected = CheckpointName(sequence: header.sequence, sha256: digest)
      guard row.sha256 == digest, row.records == count else {
        findings.append(
          VerificationFinding(
            kind: .inconsistent, path: row.path,
            expected: "the state after commit \(header.sequence - 1), SHA-256 \(digest.hex)",
            found: "a checkpoint with SHA-256 \(row.sha256?.hex ?? "")"))
        return
      }
    }
    guard header.checkpoint != expected else { return }
    findings.append(
      VerificationFinding(
        kind: .inconsistent, path: ManifestNames.headerPath(header.sequence),
        expected: "the checkpoint of commit \(expected?.sequence ?? 0)",
        found: "that of commit \(header.checkpoint?.sequence ?? 0)"))
  }
}
