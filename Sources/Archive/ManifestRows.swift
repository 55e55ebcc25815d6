internal import Bytes
internal import Codec
internal import JSONText

// Rows are the long half of a manifest: one JSON object a line, in this order and with members in
// this order, so that equal runs have equal rows.
//
//   {"kind":"definition","path":…,"bytes":…,"sha256":…}
//   {"kind":"table","path":…,"bytes":…,"sha256":…}
//   {"kind":"input","name":…,"bytes":…,"sha256":…,"records":…
//    [,"damage":…][,"pending":…]}
//   {"kind":"part","path":…,"staged":…,"bytes":…,"sha256":…,"merkle_root":…,"records":…,
//    "first_time":…,"last_time":…}
//   {"kind":"keys","path":…,"staged":…,"bytes":…,"sha256":…,"records":…}
//   {"kind":"quarantine","path":…,"staged":…,"bytes":…,"sha256":…,"records":…}
//
// `path` of parts, keys and quarantine is relative to the archive, `staged` to the run's folder in
// staging: with it a later start can complete a committed run. Tables, inputs and parts come in
// the order of their use, of reading, and of their paths.

/// A committed file and where it waits until it has its name.
struct Move: Equatable, Sendable {
  /// Relative to the run's folder in staging.
  var staged: String
  /// Relative to the archive.
  var path: String
}

/// The rows of a manifest.
struct ManifestRows: Sendable {
  /// The lines, each with its line feed.
  private(set) var text: [UInt8] = []
  /// What has to be renamed after the commit.
  private(set) var moves: [Move] = []
  /// RFC 6962 tree over the lines, without their line feeds.
  private(set) var tree = MerkleAccumulator()

  /// The rows of a run.
  init(
    _ facts: RunFacts, runName: String, parts: [StagedPart], keys: StagedKeys? = nil,
    quarantine: StagedQuarantine?
  ) {
    append(ManifestRows.row("definition", facts.definition))
    for table in facts.tables { append(ManifestRows.row("table", table)) }
    for input in facts.inputs { append(ManifestRows.row(input)) }
    for (part, path) in PartNames.assign(parts, runName: runName) {
      let move = Move(staged: StagingNames.part(part.index), path: path)
      moves.append(move)
      append(ManifestRows.row(part, move))
    }
    if let keys {
      let move = Move(staged: StagingNames.keys, path: KeyTable.path(keys.sha256))
      moves.append(move)
      append(
        ManifestRows.row("keys", move, bytes: keys.bytes, keys.sha256, records: keys.records))
    }
    if let quarantine {
      let move = Move(
        staged: StagingNames.quarantine, path: "_trailmill/quarantine/\(runName).rejects.gz")
      moves.append(move)
      append(
        ManifestRows.row(
          "quarantine", move, bytes: quarantine.bytes, quarantine.sha256,
          records: quarantine.records))
    }
  }

  private mutating func append(_ line: [UInt8]) {
    line.withUnsafeBufferPointer { tree.append(leaf: $0) }
    text += line
    text.append(UInt8(ascii: "\n"))
  }

  private static func row(_ kind: String, _ file: FileFacts) -> [UInt8] {
    var row = JSONObjectWriter()
    row.member("kind", kind)
    row.member("path", file.path)
    row.member("bytes", file.bytes)
    row.member("sha256", file.sha256)
    return row.finish()
  }

  static func row(_ input: InputFacts) -> [UInt8] {
    var row = JSONObjectWriter()
    row.member("kind", "input")
    row.member("name", input.name)
    row.member("bytes", input.bytes)
    row.member("sha256", input.sha256)
    row.member("records", Int64(input.records))
    if let damage = input.damage { row.member("damage", damage) }
    if let pending = input.pending { row.member("pending", pending) }
    return row.finish()
  }

  private static func row(_ part: StagedPart, _ move: Move) -> [UInt8] {
    var row = JSONObjectWriter()
    row.member("kind", "part")
    row.member("path", move.path)
    row.member("staged", move.staged)
    row.member("bytes", part.bytes)
    row.member("sha256", part.sha256)
    row.member("merkle_root", part.merkleRoot)
    row.member("records", Int64(part.records))
    row.member("first_time", part.firstTime)
    row.member("last_time", part.lastTime)
    return row.finish()
  }

  private static func row(
    _ kind: String, _ move: Move, bytes: Int64, _ sha256: Digest256, records: Int
  ) -> [UInt8] {
    var row = JSONObjectWriter()
    row.member("kind", kind)
    row.member("path", move.path)
    row.member("staged", move.staged)
    row.member("bytes", bytes)
    row.member("sha256", sha256)
    row.member("records", Int64(records))
    return row.finish()
  }
}

// MARK: - Reading

extension ManifestRows {
  /// The moves that rows which were written speak of, and the root of their tree; nil if a line is
  /// no row or speaks of a path outside the archive.
  static func read(_ text: ByteView) -> (moves: [Move], count: UInt64, root: Digest256)? {
    var tree = MerkleAccumulator()
    var moves: [Move] = []
    guard var reader = try? JSONFields(["/path", "/staged"]) else { return nil }
    for line in text.split(separator: 0x0A) {
      let line = ByteView(rebasing: line)
      tree.append(leaf: line)
      guard let fields = reader.read(line) else { return nil }
      guard let path = fields[0].first, let staged = fields[1].first else { continue }
      guard isInside(path), isInside(staged) else { return nil }
      moves.append(Move(staged: staged, path: path))
    }
    return (moves, tree.count, tree.root)
  }

  /// The path of the key table that a row, without its line feed, speaks of; nil if it is another's.
  static func keyTable(_ row: ByteView) -> String? {
    let kind: StaticString = "{\"kind\":\"keys\","
    guard
      row.starts(with: UnsafeBufferPointer(start: kind.utf8Start, count: kind.utf8CodeUnitCount)),
      var reader = try? JSONFields(["/path"]), let path = reader.read(row)?[0].first, isInside(path)
    else { return nil }
    return path
  }

  /// True for a relative path that does not lead upwards.
  private static func isInside(_ path: String) -> Bool {
    let components = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
    return components.allSatisfy {
      !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    } && !path.utf8.contains(0)
  }
}

/// Reads a few scalars out of small documents of our own. Not for the data plane.
struct JSONFields: ~Copyable {
  private let scanner: Scanner
  private let count: Int

  /// Pointers may hold `*` for all elements of an array.
  init(_ pointers: [String]) throws(PointerError) {
    var parsed: [JSONPointer] = []
    for pointer in pointers { parsed.append(try JSONPointer(pointer)) }
    scanner = Scanner(PointerSet(parsed, wildcards: true))
    count = parsed.count
  }

  /// For each pointer the strings and numbers found, in their order; nil if the text is no object.
  mutating func read(_ text: ByteView) -> [[String]]? {
    var found = [[String]](repeating: [], count: count)
    let scan = scanner.collect(text) { match in
      switch match.field.kind {
      case .string:
        var value = ByteBuffer()
        let content = match.field.content
        JSONString.unescape(
          ByteView(rebasing: text[Int(content.start)..<content.end]), into: &value)
        found[Int(match.slot)].append(String(decoding: value.view, as: UTF8.self))
      case .number:
        let span = match.field.span
        found[Int(match.slot)].append(
          String(decoding: text[Int(span.start)..<span.end], as: UTF8.self))
      default: break
      }
    }
    guard scan.fault == .none, scan.kind == .object,
      Scanner.skipWhitespace(text, from: scan.end) == text.count
    else { return nil }
    return found
  }
}
