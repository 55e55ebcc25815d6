package import Crypto
package import Bytes
internal import Disk
internal import JSONText
internal import Trail

// Rows are the long half of a manifest: one JSON object a line, in this order and with members in
// this order, so that equal runs have equal rows.
//
//   {"kind":"definition","path":…,"bytes":…,"sha256":…}
//   {"kind":"table","path":…,"bytes":…,"sha256":…}
//   {"kind":"dialect","name":…,"account":[…], … a member for each role that has pointers …,
//    "time_zone":…,"time_formats":[…]}, the last two if the definition says so
//   {"kind":"added", … a member for each that was added to events: its name …[,"own_delivery":true]
//    [,"verified":true]}
//   {"kind":"layout","template":…}, of a commit whose parts lie by one
//   {"kind":"signing_key","public_key":…,"previous":…[,"endorsement":…]}
//   {"kind":"input","name":…,"bytes":…,"sha256":…,"beginning":…,"records":…[,"offset":…,"before":…]
//    [,"text":…,"text_sha256":…,"text_beginning":…][,"prefixes":…],"format":…
//    [,"damage":…,"behind_damage":…][,"pending":…],"text_bytes":{… the figures of `TextAccount` …}}
//   {"kind":"part","path":…,"staged":…,"bytes":…,"sha256":…,"merkle_root":…,"records":…,
//    "first_time":…,"last_time":…[,"added_by":…]}
//   {"kind": … of another FileKind …,"path":…,"staged":…,"bytes":…,"sha256":…,"records":…
//    [,"blocks_root":…][,"days":[…],"time_rule":…]}, the root if it is read in places: see `HashedBlocks`;
//    the last two of digests: see `EventDays`
//   {"kind":"retired","path":…,"bytes":…,"sha256":…,"records":…,"reason":…[,"to":…]}
//   {"kind":"hold","name":…,"since":…,"until":…,"reason":…}
//   {"kind":"release","name":…}
//
// `path` of what is published is relative to the archive, `staged` to the commit's folder in
// staging: with it a later start can complete a commit. `to` is where a part that retires lies then (commits
// of version 0.1 leave it where it is). Tables, inputs, parts and what retires come in the order of their
// use, of reading, and of their paths.

/// A file of a commit that is renamed after the commit: from staging to its place.
package struct Move: Equatable, Sendable {
  package var kind: FileKind
  /// Relative to the commit's folder in staging.
  package var staged: String
  /// Relative to the archive.
  package var path: String

  package init(kind: FileKind, staged: String, path: String) {
    self.kind = kind
    self.staged = staged
    self.path = path
  }
}

/// The rows of a manifest that is being made.
package struct ManifestRows: Sendable {
  /// The lines, each with its line feed.
  package private(set) var text: [UInt8] = []
  /// What has to be renamed after the commit.
  package private(set) var moves: [Move] = []
  /// Paths of the parts that leave their places before.
  package private(set) var leaving: [String] = []
  /// RFC 6962 tree over the lines, without their line feeds.
  package private(set) var tree = MerkleAccumulator()

  /// The rows of a commit. `signingKey` is there if it begins to be signed with another key.
  package init(
    _ commit: Commit, sequence: Int, runName: String, signingKey: SigningKeyChange? = nil
  ) {
    if let definition = commit.facts.definition {
      append(ManifestRows.row(.definition, definition))
    }
    for table in commit.facts.tables { append(ManifestRows.row(.table, table)) }
    if let dialect = commit.facts.dialect { append(ManifestRows.row(dialect)) }
    if let added = commit.facts.added { append(ManifestRows.row(added)) }
    if let layout = commit.facts.layout { append(ManifestRows.row(layout: layout)) }
    if let signingKey { append(ManifestRows.row(signingKey)) }
    for input in commit.facts.inputs { append(ManifestRows.row(input)) }
    for (part, path) in PartNames.assign(commit.parts, runName: runName) {
      let move = Move(kind: .part, staged: StagingNames.part(part.index), path: path)
      moves.append(move)
      append(ManifestRows.row(part, move))
    }
    for kind in FileKind.allCases {
      for (number, file) in commit.files(kind).enumerated() {
        let move = Move(
          kind: kind, staged: kind.stagedName(number),
          path: kind.path(file, number, sequence: sequence, runName: runName))
        moves.append(move)
        append(ManifestRows.row(file, move))
      }
    }
    for file in commit.retired.sorted(by: { precedesInBytes($0.path, $1.path) }) {
      append(ManifestRows.row(file))
      if file.isPart { leaving.append(file.path) }
    }
    if let hold = commit.hold { append(ManifestRows.row(hold)) }
    if let name = commit.releasedHold { append(ManifestRows.row(release: name)) }
  }

  private mutating func append(_ line: [UInt8]) {
    line.withUnsafeBufferPointer { tree.append(leaf: $0) }
    text += line
    text.append(UInt8(ascii: "\n"))
  }

  private static func begin(_ kind: ManifestRow.Kind) -> JSONWriter {
    var row = JSONWriter()
    row.member("kind", kind.rawValue)
    return row
  }

  private static func row(_ kind: ManifestRow.Kind, _ file: FileFacts) -> [UInt8] {
    var row = begin(kind)
    row.member("path", file.path)
    row.member("bytes", file.bytes)
    row.member("sha256", file.sha256)
    return row.finish()
  }

  private static func row(_ dialect: Dialect) -> [UInt8] {
    var row = begin(.dialect)
    row.member("name", dialect.name)
    for role in Role.allCases where role.isNoted {
      guard let pointers = dialect.pointers[role], !pointers.isEmpty else { continue }
      row.member(role.rawValue, pointers.map(\.description))
    }
    if let zone = dialect.times.zone { row.member("time_zone", zone.text) }
    let formats = dialect.times.formats.map(\.pattern)
    if !formats.isEmpty { row.member("time_formats", formats) }
    return row.finish()
  }

  private static func row(_ added: AddedMembers) -> [UInt8] {
    var row = begin(.added)
    for role in AddedRole.allCases where added.isLookedFor(role) {
      row.member(named: role.rawValue, added.names[role])
    }
    if added.mayBringDelivery { row.member(named: "own_delivery", json: "true") }
    if added.provesSignatures { row.member(named: "verified", json: "true") }
    return row.finish()
  }

  package static func row(layout template: String) -> [UInt8] {
    var row = begin(.layout)
    row.member("template", template)
    return row.finish()
  }

  package static func row(_ input: RecordedInput) -> [UInt8] {
    var row = begin(.input)
    row.member("name", input.name)
    row.member("bytes", input.bytes)
    row.member("sha256", input.sha256)
    row.member("beginning", input.beginning)
    row.member("records", Int64(input.records))
    if let continued = input.continued {
      row.member("offset", continued.offset)
      row.member("before", Int64(continued.records))
    }
    if let text = input.text { row.member("text", text) }
    if let digest = input.textSHA256 { row.member("text_sha256", digest) }
    if let mark = input.textBeginning { row.member("text_beginning", mark) }
    if let prefixes = input.prefixes { row.member("prefixes", prefixes.text) }
    if let format = input.format { row.member("format", format) }
    if let damage = input.damage { row.member("damage", damage) }
    if let bytes = input.behindDamage { row.member("behind_damage", bytes) }
    if let pending = input.pending { row.member("pending", pending) }
    if let account = input.account {
      row.member(
        named: "text_bytes", zip(TextAccount.names, account.figures).map { ($0, Int($1)) })
    }
    return row.finish()
  }

  private static func row(_ part: StagedPart, _ move: Move) -> [UInt8] {
    var row = begin(.file(.part))
    row.member("path", move.path)
    row.member("staged", move.staged)
    row.member("bytes", part.bytes)
    row.member("sha256", part.sha256)
    row.member("merkle_root", part.merkleRoot)
    row.member("records", Int64(part.records))
    row.member("first_time", part.firstTime)
    row.member("last_time", part.lastTime)
    if let sequence = part.addedBy { row.member("added_by", Int64(sequence)) }
    return row.finish()
  }

  private static func row(_ file: StagedFile, _ move: Move) -> [UInt8] {
    row(
      move.kind, path: move.path, staged: move.staged, file.bytes, file.sha256, file.records,
      blocksRoot: file.blocksRoot, days: file.days)
  }

  /// The row of a file beside the parts. A checkpoint, which lists files that have their names, says nothing
  /// of staging.
  package static func row(
    _ kind: FileKind, path: String, staged: String, _ bytes: Int64, _ sha256: Digest256?,
    _ records: Int, blocksRoot: Digest256?, days: EventDays? = nil
  ) -> [UInt8] {
    var row = begin(.file(kind))
    row.member("path", path)
    row.member("staged", staged)
    row.member("bytes", bytes)
    row.member("sha256", sha256)
    row.member("records", Int64(records))
    if let blocksRoot { row.member("blocks_root", blocksRoot) }
    if let days { row.members(days) }
    return row.finish()
  }

  private static func row(_ file: RetiredFile) -> [UInt8] {
    var row = begin(.retired)
    row.member("path", file.path)
    row.member("bytes", file.bytes)
    row.member("sha256", file.sha256)
    row.member("records", Int64(file.records))
    row.member("reason", file.reason.rawValue)
    if file.isPart { row.member("to", PartNames.retired(file.path)) }
    return row.finish()
  }

  package static func row(_ hold: Hold) -> [UInt8] {
    var row = begin(.hold)
    row.member("name", hold.name)
    row.member("since", hold.window.since)
    row.member("until", hold.window.until)
    row.member("reason", hold.reason)
    return row.finish()
  }

  private static func row(release name: String) -> [UInt8] {
    var row = begin(.release)
    row.member("name", name)
    return row.finish()
  }

  package static func row(_ change: SigningKeyChange) -> [UInt8] {
    var row = begin(.signingKey)
    row.member("public_key", change.publicKey)
    row.member("previous", change.previous)
    if let endorsement = change.endorsement { row.member("endorsement", endorsement) }
    return row.finish()
  }
}
