internal import Bytes
internal import Codec

// The header is the small half of a manifest, one JSON object and a line feed. Its SHA-256 is the
// head: whoever knows it can prove everything that the archive held at that time, because it covers
// the rows (`rows_root`), and by `previous` and `history_root` every header before it.
//
//   version       1
//   sequence      the number of the run, from 1
//   previous      the head of the run before, null for the first
//   run           what the parts are called by
//   rows          how many rows there are
//   rows_root     RFC 6962 Merkle root over the rows, each without its line feed
//   history_root  the same over the headers 1 to sequence - 1 (a leaf is the whole file); a header
//                 cannot cover itself, the head does
//   history_nodes roots of the complete subtrees of that tree, largest first: with them the next
//                 header is made without reading all before it
//   counts        read = written + duplicates + filtered + quarantined
//   definition    SHA-256 of the definition's file
//   plan          digest of framing, dialect and stages
//   window        since and until, null where open
//   clock         when it was; the only thing that differs between equal runs, with what follows
//                 from it in later headers
//   tool          version of trailmill

/// The header of a manifest, as far as the next run needs it.
struct ManifestHeader {
  static let version = 1

  let sequence: Int
  let runName: String
  let rows: UInt64
  let rowsRoot: Digest256
  /// The tree over this header and all before it.
  let history: MerkleAccumulator
  /// SHA-256 of the file.
  let head: Digest256

  /// The file of a run's header. `history` is the tree over the headers before it.
  static func write(
    _ facts: RunFacts, sequence: Int, previous: Digest256?, runName: String,
    rows: MerkleAccumulator, history: MerkleAccumulator
  ) -> [UInt8] {
    var header = JSONObjectWriter()
    header.member("version", Int64(version))
    header.member("sequence", Int64(sequence))
    header.member("previous", previous)
    header.member("run", runName)
    header.member("rows", Int64(clamping: rows.count))
    header.member("rows_root", rows.root)
    header.member("history_root", history.root)
    header.member("history_nodes", history.subtrees)
    header.member("counts") { counts in
      counts.member("read", Int64(facts.counts.read))
      counts.member("written", Int64(facts.counts.written))
      counts.member("duplicates", Int64(facts.counts.duplicates))
      counts.member("filtered", Int64(facts.counts.filtered))
      counts.member("unreadable", Int64(facts.counts.unreadable))
      counts.member("refused", Int64(facts.counts.refused))
      counts.member("quarantined", Int64(facts.counts.quarantined))
    }
    header.member("definition", facts.definition.sha256)
    header.member("plan", facts.plan)
    header.member("window") { window in
      window.member("since", facts.since)
      window.member("until", facts.until)
    }
    header.member("clock") { clock in
      clock.member("started", facts.clock.started)
      clock.member("finished", facts.clock.finished)
    }
    header.member("tool", facts.tool)
    return header.finish() + [UInt8(ascii: "\n")]
  }

  /// Reads the file of header `sequence`; nil if it is no such header, or contradicts itself.
  init?(_ file: ByteView, sequence: Int) {
    guard
      var reader = try? JSONFields([
        "/version", "/sequence", "/run", "/rows", "/rows_root", "/history_root",
        "/history_nodes/*",
      ]), let fields = reader.read(file), fields[0] == [String(ManifestHeader.version)],
      fields[1] == [String(sequence)], let runName = fields[2].first,
      let rows = fields[3].first.flatMap({ UInt64($0) }),
      let rowsRoot = fields[4].first.flatMap(ManifestHeader.digest),
      let historyRoot = fields[5].first.flatMap(ManifestHeader.digest),
      var history = MerkleAccumulator(
        count: UInt64(sequence - 1), subtrees: fields[6].compactMap(ManifestHeader.digest)),
      history.root == historyRoot
    else { return nil }
    history.append(leaf: file)
    self.sequence = sequence
    self.runName = runName
    self.rows = rows
    self.rowsRoot = rowsRoot
    self.history = history
    head = SHA256.digest(file)
  }

  private static func digest(_ hex: String) -> Digest256? {
    Array(hex.utf8).withUnsafeBufferPointer { Digest256(hex: $0) }
  }
}
