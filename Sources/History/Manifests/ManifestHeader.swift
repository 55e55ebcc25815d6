package import Crypto
internal import JSONText
package import Bytes

// The header is the small half of a manifest, one JSON object and a line feed. Its SHA-256 is the
// head: whoever knows it can prove everything that the archive held at that time, because it covers
// the rows (`rows_root`), and by `previous` and `history_root` every header before it.
//
//   version       1
//   sequence      the number of the commit, from 1
//   previous      the head of the commit before, null for the first
//   kind          what the commit does: see `CommitKind`
//   reason        why, where somebody said so
//   run           what the parts are called by
//   rows          how many rows there are
//   rows_root     RFC 6962 Merkle root over the rows, each without its line feed
//   history_root  the same over the headers 1 to sequence - 1 (a leaf is the whole file); a header
//                 cannot cover itself, the head does
//   history_nodes roots of the complete subtrees of that tree, largest first: with them the next
//                 header is made without reading all before it
//   checkpoint    sequence and SHA-256 of the newest checkpoint, this commit's included; null before
//                 the first
//   signing_key   the public key with which this header is signed, in hexadecimal; null if it is not
//   counts        read = written + duplicates + filtered + quarantined
//   retired       parts that were taken out, records in them, and how many of these are in the commit's
//                 own parts, byte for byte (they count as read and as written)
//   definition    SHA-256 of the definition's file, null where there was none
//   plan          digest of framing, dialect and stages, null where there were none
//   window        since and until, null where open
//   clock         when it was; the only thing that differs between equal runs, with what follows
//                 from it in later headers
//   tool          version of trailmill

/// A checkpoint, as a header names it.
package struct CheckpointName: Equatable, Sendable {
  /// The commit that published it.
  package var sequence: Int
  /// SHA-256 of the file.
  package var sha256: Digest256

  package init(sequence: Int, sha256: Digest256) {
    self.sequence = sequence
    self.sha256 = sha256
  }
}

/// How a header is tied to its archive: its number, what came before it, and who signs.
package struct HeaderLinks {
  package var sequence: Int
  package var previous: Digest256?
  package var runName: String
  package var checkpoint: CheckpointName?
  package var signingKey: String?

  package init(
    sequence: Int, previous: Digest256?, runName: String, checkpoint: CheckpointName?,
    signingKey: String?
  ) {
    self.sequence = sequence
    self.previous = previous
    self.runName = runName
    self.checkpoint = checkpoint
    self.signingKey = signingKey
  }
}

/// The header of a manifest.
package struct ManifestHeader: Sendable {
  package static let version = 1

  /// The number of the commit.
  package let sequence: Int
  /// The head of the commit before it.
  package let previous: Digest256?
  /// What the commit does.
  package let kind: CommitKind
  /// The reason that the command line gave.
  package let reason: String?
  /// The beginning of its files' names: see `RunName`.
  package let runName: String
  /// How many rows it has.
  package let rows: UInt64
  /// RFC 6962 root over them.
  package let rowsRoot: Digest256
  /// RFC 6962 root over the headers before it.
  package let historyRoot: Digest256
  /// The tree over this header and all before it.
  package let history: MerkleAccumulator
  /// The newest checkpoint.
  package let checkpoint: CheckpointName?
  /// The public key with which it is signed, in hexadecimal.
  package let signingKey: String?
  /// What became of the records.
  package let counts: RunCounts
  /// Records in quarantine, as it says itself.
  package let quarantined: Int
  /// Parts that were taken out.
  package let retiredParts: Int
  /// Records in them.
  package let retiredRecords: Int
  /// How many of them are in the commit's own parts, byte for byte.
  package let copied: Int
  /// Digest of framing, dialect and stages.
  package let plan: Digest256?
  /// Events outside of it were filtered.
  package let window: TimeWindow
  /// When all was staged.
  package let finished: Timestamp?
  /// SHA-256 of the file.
  package let head: Digest256

  /// The file of a commit's header. `history` is the tree over the headers before it.
  package static func write(
    _ commit: Commit, _ links: HeaderLinks, rows: MerkleAccumulator, history: MerkleAccumulator
  ) -> [UInt8] {
    let facts = commit.facts
    var header = JSONWriter()
    header.member("version", Int64(version))
    header.member("sequence", Int64(links.sequence))
    header.member("previous", links.previous)
    header.member("kind", facts.kind.rawValue)
    if let reason = facts.reason { header.member("reason", reason) }
    header.member("run", links.runName)
    header.member("rows", Int64(clamping: rows.count))
    header.member("rows_root", rows.root)
    header.member("history_root", history.root)
    header.member("history_nodes", history.subtrees)
    header.member("checkpoint", links.checkpoint)
    header.member("signing_key", links.signingKey)
    header.member("counts") { append(facts.counts, to: &$0) }
    header.member("retired") { retired in
      let parts = commit.retired.filter(\.isPart)
      retired.member("parts", Int64(parts.count))
      retired.member("records", Int64(Figures.sum(parts.lazy.map(\.records))))
      retired.member("copied", Int64(commit.copied))
    }
    header.member("definition", facts.definition?.sha256)
    header.member("plan", facts.plan)
    header.member("window") { window in
      window.member("since", facts.window.since)
      window.member("until", facts.window.until)
    }
    header.member("clock") { clock in
      clock.member("started", facts.clock.started)
      clock.member("finished", facts.clock.finished)
    }
    header.member("tool", facts.tool)
    return header.finish() + [UInt8(ascii: "\n")]
  }

  private static func append(_ facts: RunCounts, to counts: inout JSONWriter) {
    counts.member("read", Int64(facts.read))
    counts.member("written", Int64(facts.written))
    counts.member("duplicates", Int64(facts.duplicates))
    counts.member("filtered", Int64(facts.filtered))
    counts.member("unreadable", Int64(facts.unreadable))
    counts.member("refused", Int64(facts.refused))
    counts.member("quarantined", Int64(facts.quarantined))
  }

  private static let members = DocumentMembers([
    "/version", "/sequence", "/previous", "/kind", "/reason", "/run", "/rows", "/rows_root",
    "/history_root", "/history_nodes/*", "/checkpoint/sequence", "/checkpoint/sha256",
    "/signing_key", "/counts/read", "/counts/written", "/counts/duplicates", "/counts/filtered",
    "/counts/unreadable", "/counts/refused", "/counts/quarantined", "/retired/parts",
    "/retired/records", "/retired/copied", "/plan", "/window/since", "/window/until",
    "/clock/finished",
  ])

  /// Reads the file of header `sequence`; nil if it is no such header, or contradicts itself.
  package init?(_ file: ByteView, sequence: Int) {
    let members = ManifestHeader.members
    var reader = DocumentReader(members)
    guard let document = try? reader.read(file) else { return nil }
    func text(_ pointer: String) -> String? { document.string(members.place(pointer)) }
    func number(_ pointer: String) -> Int? { document.number(members.place(pointer)) }
    func digest(_ pointer: String) -> Digest256? { document.digest(members.place(pointer)) }
    func time(_ pointer: String) -> Timestamp? { document.time(members.place(pointer)) }
    guard number("/version") == ManifestHeader.version, number("/sequence") == sequence,
      let kind = text("/kind").flatMap(CommitKind.init), let runName = text("/run"),
      let rows = document.number(members.place("/rows"), UInt64.self),
      let rowsRoot = digest("/rows_root"),
      let historyRoot = digest("/history_root"),
      let nodes = document.digests(members.place("/history_nodes/*")),
      var history = MerkleAccumulator(count: UInt64(sequence - 1), subtrees: nodes),
      history.root == historyRoot
    else { return nil }
    history.append(leaf: file)
    self.sequence = sequence
    previous = digest("/previous")
    self.kind = kind
    reason = text("/reason")
    self.runName = runName
    self.rows = rows
    self.rowsRoot = rowsRoot
    self.historyRoot = historyRoot
    self.history = history
    checkpoint =
      if let sequence = number("/checkpoint/sequence"), let sha256 = digest("/checkpoint/sha256") {
        CheckpointName(sequence: sequence, sha256: sha256)
      } else { nil }
    signingKey = text("/signing_key")
    counts = RunCounts(
      read: number("/counts/read") ?? 0, written: number("/counts/written") ?? 0,
      duplicates: number("/counts/duplicates") ?? 0, filtered: number("/counts/filtered") ?? 0,
      unreadable: number("/counts/unreadable") ?? 0, refused: number("/counts/refused") ?? 0)
    quarantined = number("/counts/quarantined") ?? 0
    retiredParts = number("/retired/parts") ?? 0
    retiredRecords = number("/retired/records") ?? 0
    copied = number("/retired/copied") ?? 0
    plan = digest("/plan")
    window = TimeWindow(since: time("/window/since"), until: time("/window/until"))
    finished = time("/clock/finished")
    head = SHA256.digest(file)
  }
}
