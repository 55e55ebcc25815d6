internal import Crypto
internal import JSONText
package import Bytes
internal import Disk

// What a run has to know of all before it: which inputs were read, which files of the kinds that have a
// memory there are, and who signs. It is what the rows of all manifests say, and nothing else; so that a run
// need not read them all, every now and then one publishes it as a checkpoint, a file that its manifest
// covers like any other:
//
//   {"kind":"input", … as in the manifest …,"plan":…,"since":…,"until":…,"sequence":…,"digested":0 or 1}
//   {"kind": … of a FileKind with a memory …,"path":…,"staged":"","bytes":…,"sha256":…,"records":…
//    [,"blocks_root":…][,"days":…,"time_rule":…]}
//   {"kind":"signing_key","public_key":…,"previous":null}
//   {"kind":"layout","template":…}
//
// The checkpoint of commit n holds the state before commit n, whose own rows come on top of it.

/// The state of an archive that a run needs: inputs read, files remembered, key that signs.
package struct ArchiveState: Sendable {
  /// A commit publishes a checkpoint when its number is a multiple of this: 32.
  package static let checkpointInterval = 32
  /// Or when the rows since the last one come to more than this: 16 MiB.
  package static let checkpointBytes = 16 << 20

  /// The inputs that were read.
  package private(set) var ledger = Ledger()
  /// Files that runs have to know, in the order of publication.
  private var files: [FileKind: [ManifestRow]] = [:]
  /// The public key that signed last, in hexadecimal.
  package private(set) var signingKey: String?
  /// The template of the layout by which folders were chosen last; nil if no commit noted one.
  package private(set) var layout: String?
  /// The newest checkpoint.
  package private(set) var checkpoint: CheckpointName?
  /// Its row, to retire the file.
  package private(set) var checkpointRow: ManifestRow?
  /// Files that only runs read, and that were taken out since the newest checkpoint: they can be removed.
  package private(set) var obsolete: [String] = []
  /// Bytes of rows since the newest checkpoint.
  package private(set) var rowBytes: Int

  /// The state before the first commit.
  package init(rowBytes: Int = 0) { self.rowBytes = rowBytes }

  /// The state after the commit of `header`, the newest: from the last checkpoint, and the rows since.
  package init(_ history: ArchiveHistory, _ newest: ManifestHeader) throws {
    self.init()
    var first = 1
    var known: (header: ManifestHeader, rows: [ManifestRow])?
    if let name = newest.checkpoint {
      guard 1...newest.sequence ~= name.sequence else {
        throw history.damaged(
          "a header speaks of a checkpoint of no commit before it",
          history.manifestFolder + "/" + ManifestNames.header(newest.sequence))
      }
      let header = name.sequence == newest.sequence ? newest : try history.header(name.sequence)
      let rows = try history.rows(of: header)
      try load(history, try ArchiveState.row(of: name, rows, history))
      known = (header, rows)
      first = name.sequence
    }
    var before: Digest256?
    while first <= newest.sequence {
      let header = try known?.header ?? (first == newest.sequence ? newest : history.header(first))
      // What is taken over here is signed with the next checkpoint.
      if let before { try history.requireLink(from: header, to: before) }
      before = header.head
      apply(header, try known?.rows ?? history.rows(of: header))
      known = nil
      rowBytes += Int(
        try history.disk.stat(history.manifestFolder + "/" + ManifestNames.rows(first)).size)
      first += 1
    }
  }

  /// Takes over what a commit says.
  package mutating func apply(_ header: ManifestHeader, _ rows: [ManifestRow]) {
    let isDigested =
      header.kind == .replace || header.counts.written == 0
      || rows.contains { $0.kind == .file(.digests) }
    var retired: Set<String> = []
    for row in rows {
      switch row.kind {
      case .input:
        guard let input = row.input else { continue }
        ledger.add(
          Ledger.Entry(
            input: input, plan: header.plan, window: header.window,
            sequence: header.sequence, isDigested: isDigested))
      case .file(.checkpoint):
        checkpointRow = row
        if let sha256 = row.sha256 {
          checkpoint = CheckpointName(sequence: header.sequence, sha256: sha256)
        }
        rowBytes = 0
      case .file(let kind): remember(kind, row)
      case .signingKey: signingKey = row.signingKey?.publicKey
      case .layout: layout = row.path
      case .retired:
        retired.insert(row.path)
        if row.reason == RetiredFile.Reason.merged.rawValue
          || row.reason == RetiredFile.Reason.superseded.rawValue
        {
          obsolete.append(row.path)
        }
      case .definition, .table, .dialect, .added, .hold, .release: break
      }
    }
    if header.signingKey == nil { signingKey = nil }
    guard !retired.isEmpty else { return }
    for kind in FileKind.remembered { files[kind]?.removeAll { retired.contains($0.path) } }
  }

  private mutating func remember(_ kind: FileKind, _ row: ManifestRow) {
    switch kind.memory {
    case .none: break
    case .newest: files[kind] = [row]
    case .all: files[kind, default: []].append(row)
    }
  }

  /// The files of a kind that runs have to know, in the order of publication.
  package func all(_ kind: FileKind) -> [ManifestRow] { files[kind] ?? [] }

  /// True if commit `sequence` is to publish a checkpoint.
  package func isCheckpointDue(_ sequence: Int) -> Bool {
    sequence % ArchiveState.checkpointInterval == 0 || rowBytes > ArchiveState.checkpointBytes
  }
}

// MARK: - Checkpoints

extension ArchiveState {
  /// The text of a checkpoint of this state, and its number of rows.
  package func checkpointText() -> (text: [UInt8], rows: Int) {
    var text: [UInt8] = []
    var rows = 0
    func append(_ line: [UInt8]) {
      text += line
      text.append(UInt8(ascii: "\n"))
      rows += 1
    }
    for entry in ledger.entries { append(ArchiveState.row(entry)) }
    for kind in FileKind.remembered {
      for file in all(kind) {
        append(
          ManifestRows.row(
            kind, path: file.path, staged: file.staged ?? "", file.bytes, file.sha256,
            file.records, blocksRoot: file.blocksRoot, days: file.days))
      }
    }
    if let signingKey {
      append(ManifestRows.row(SigningKeyChange(publicKey: signingKey)))
    }
    if let layout { append(ManifestRows.row(layout: layout)) }
    return (text, rows)
  }

  private static func row(_ entry: Ledger.Entry) -> [UInt8] {
    var rest = JSONWriter()
    rest.member("plan", entry.plan)
    rest.member("since", entry.window.since)
    rest.member("until", entry.window.until)
    rest.member("sequence", Int64(entry.sequence))
    rest.member("digested", entry.isDigested ? 1 : 0)
    return ManifestRows.row(entry.input).dropLast() + [UInt8(ascii: ",")]
      + rest.finish().dropFirst()
  }

  /// What a checkpoint says of an input beside the row of its manifest.
  private static let inputMembers = DocumentMembers([
    "/plan", "/since", "/until", "/sequence", "/digested",
  ])

  /// The row of a checkpoint, among those of its commit.
  private static func row(
    of name: CheckpointName, _ rows: [ManifestRow], _ history: ArchiveHistory
  ) throws -> ManifestRow {
    guard let row = rows.last(where: { $0.kind == .file(.checkpoint) }), row.sha256 == name.sha256
    else {
      throw history.damaged(
        "a manifest does not speak of its checkpoint",
        history.manifestFolder + "/" + ManifestNames.rows(name.sequence))
    }
    return row
  }

  private mutating func load(_ history: ArchiveHistory, _ checkpoint: ManifestRow) throws {
    let file = history.path + "/" + checkpoint.path
    guard let text = try history.contents(of: checkpoint) else {
      throw history.damaged("a checkpoint is not the one that was committed", file)
    }
    guard text.withUnsafeBufferPointer({ load(checkpoint: $0) }) else {
      throw history.damaged("a checkpoint has a row that is none", file)
    }
  }

  /// Takes over what the text of a checkpoint says; false, with part of it, if it has a row that is none.
  package mutating func load(checkpoint text: ByteView) -> Bool {
    var reader = ManifestRowReader()
    var rest = DocumentReader(ArchiveState.inputMembers)
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let line = ByteView(rebasing: line)
      guard let row = reader.read(line) else { return false }
      switch row.kind {
      case .input:
        guard let input = row.input, let found = try? rest.read(line) else { return false }
        ledger.add(
          Ledger.Entry(
            input: input, plan: found.digest(0),
            window: TimeWindow(since: found.time(1), until: found.time(2)),
            sequence: found.number(3) ?? 0, isDigested: found.number(4, Int.self) == 1))
      case .file(let kind): remember(kind, row)
      case .signingKey: signingKey = row.signingKey?.publicKey
      case .layout: layout = row.path
      default: break
      }
    }
    return true
  }
}
