public import Bytes
public import Codec
internal import JSONText

/// A row of a manifest, as it was read: see `ManifestRows` for what each kind holds.
public struct ManifestRow: Sendable {
  /// What a row is about.
  public enum Kind: String, CaseIterable, Sendable {
    /// The definition's file.
    case definition
    /// A lookup table.
    case table
    /// Another signing key.
    case signingKey = "signing_key"
    /// An input.
    case input
    /// A part.
    case part
    /// An addition to the key table.
    case keys
    /// De-duplication digests.
    case digests
    /// What was turned away.
    case quarantine
    /// What a run has to know of all before it.
    case checkpoint
    /// A file that was taken out.
    case retired
    /// A window that is protected.
    case hold
    /// The end of such a protection.
    case release

    /// True if the row publishes a file of the archive.
    public var publishes: Bool {
      switch self {
      case .part, .keys, .digests, .quarantine, .checkpoint: true
      default: false
      }
    }
  }

  /// What it is about.
  public var kind: Kind
  /// Path of a file, or name of an input or hold.
  public var path: String
  /// Where a published file waits for its name, relative to the commit's folder in staging.
  public var staged: String?
  /// Bytes as stored.
  public var bytes: Int64
  /// Digest of those bytes.
  public var sha256: Digest256?
  /// RFC 6962 root over a part's records.
  public var merkleRoot: Digest256?
  /// Records in it.
  public var records: Int
  /// The earliest event in a part; the beginning of a hold.
  public var firstTime: Timestamp?
  /// The latest event in a part; the end of a hold.
  public var lastTime: Timestamp?
  /// Why something was taken out or is held.
  public var reason: String?
  /// What only rows about inputs say.
  public var input: InputFacts?
  /// What only rows about signing keys say.
  public var signingKey: SigningKeyChange?
}

/// Reads rows. Not for the data plane.
struct ManifestRowReader: ~Copyable {
  private var fields: JSONFields
  private static let pointers = [
    "/kind", "/path", "/name", "/staged", "/bytes", "/sha256", "/merkle_root", "/records",
    "/first_time", "/last_time", "/since", "/until", "/reason", "/beginning", "/offset", "/before",
    "/text", "/format", "/damage", "/pending", "/public_key", "/previous", "/endorsement",
  ]
  private enum Place: Int {
    case kind, path, name, staged, bytes, sha256, merkleRoot, records, firstTime, lastTime, since
    case until, reason, beginning, offset, before, text, format, damage, pending, publicKey
    case previous, endorsement
  }

  init() throws(PointerError) { fields = try JSONFields(ManifestRowReader.pointers) }

  /// The row on a line, without its line feed; nil if it is none, or speaks of a file outside the archive.
  mutating func read(_ line: ByteView) -> ManifestRow? {
    guard let found = fields.read(line) else { return nil }
    func text(_ place: Place) -> String? { found[place.rawValue].first }
    func number(_ place: Place) -> Int64? { text(place).flatMap { Int64($0) } }
    guard let kind = text(.kind).flatMap(ManifestRow.Kind.init) else { return nil }
    var row = ManifestRow(
      kind: kind, path: text(.path) ?? text(.name) ?? "", staged: text(.staged),
      bytes: number(.bytes) ?? 0, sha256: text(.sha256).flatMap(Digest256.init(text:)),
      merkleRoot: text(.merkleRoot).flatMap(Digest256.init(text:)),
      records: Int(clamping: number(.records) ?? 0),
      firstTime: (text(.firstTime) ?? text(.since)).flatMap(Timestamp.init(text:)),
      lastTime: (text(.lastTime) ?? text(.until)).flatMap(Timestamp.init(text:)),
      reason: text(.reason))
    if kind.publishes || kind == .retired {
      guard ManifestRowReader.isInside(row.path), row.sha256 != nil,
        kind == .retired || row.staged.map(ManifestRowReader.isInside) == true
      else { return nil }
    }
    if kind == .input {
      row.input = input(
        row, beginning: text(.beginning), number(.offset), number(.before), number(.text),
        text(.format), text(.damage), number(.pending))
    }
    if kind == .signingKey {
      row.signingKey = SigningKeyChange(
        publicKey: text(.publicKey) ?? "", previous: text(.previous),
        endorsement: text(.endorsement))
    }
    return row
  }

  private func input(
    _ row: ManifestRow, beginning: String?, _ offset: Int64?, _ before: Int64?, _ text: Int64?,
    _ format: String?, _ damage: String?, _ pending: Int64?
  ) -> InputFacts {
    var mark: ContentMark?
    if let digest = beginning.flatMap({ UInt64($0, radix: 16) }),
      let length = ContentMark.length(row.bytes)
    {
      mark = ContentMark(length: length, digest: digest)
    }
    return InputFacts(
      name: row.path, bytes: row.bytes, sha256: row.sha256, beginning: mark,
      records: row.records,
      continued: offset.map {
        InputFacts.Continuation(offset: $0, records: Int(clamping: before ?? 0))
      }, text: text, format: format, damage: damage, pending: pending)
  }

  /// True for a relative path that does not lead upwards.
  static func isInside(_ path: String) -> Bool {
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

extension Digest256 {
  /// The digest that 64 hexadecimal digits stand for.
  init?(text: String) {
    var text = text
    guard let digest = text.withUTF8({ Digest256(hex: $0) }) else { return nil }
    self = digest
  }
}

extension Timestamp {
  /// The time that an RFC 3339 text stands for.
  init?(text: String) {
    var text = text
    guard let time = text.withUTF8({ Timestamp(rfc3339: $0) }) else { return nil }
    self = time
  }
}
