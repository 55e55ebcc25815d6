package import Bytes
package import JSONText
package import Trail

/// A row of a manifest, as it was read: see `ManifestRows` for what each kind holds.
package struct ManifestRow: Sendable {
  /// What a row is about. The raw value is its name in manifests.
  package enum Kind: Hashable, Sendable, RawRepresentable {
    /// A file that the commit publishes.
    case file(FileKind)
    /// The definition's file.
    case definition
    /// A lookup table.
    case table
    /// The pointers to account, actor, time and so on in the events.
    case dialect
    /// The first commit that is signed with another key.
    case signingKey
    /// An input that was read.
    case input
    /// A file that was taken out.
    case retired
    /// A window of time whose files may not be taken out.
    case hold
    /// The end of a hold.
    case release

    /// All but the kinds of files.
    package static let others: [Kind] = [
      .definition, .table, .dialect, .signingKey, .input, .retired, .hold, .release,
    ]

    package init?(rawValue: String) {
      if let file = FileKind(rawValue: rawValue) {
        self = .file(file)
      } else if let kind = Kind.others.first(where: { $0.rawValue == rawValue }) {
        self = kind
      } else {
        return nil
      }
    }

    package var rawValue: String {
      switch self {
      case .file(let kind): kind.rawValue
      case .definition: "definition"
      case .table: "table"
      case .dialect: "dialect"
      case .signingKey: "signing_key"
      case .input: "input"
      case .retired: "retired"
      case .hold: "hold"
      case .release: "release"
      }
    }

    /// The kind of file that the row publishes; nil if it publishes none.
    package var file: FileKind? { if case .file(let kind) = self { kind } else { nil } }
  }

  /// What the row is about.
  package var kind: Kind
  /// Path of a file, or name of an input or hold.
  package var path: String
  /// Where a published file waits for its name, relative to the commit's folder in staging.
  package var staged: String?
  /// Bytes as stored.
  package var bytes: Int64
  /// Digest of those bytes.
  package var sha256: Digest256?
  /// RFC 6962 root over a part's records.
  package var merkleRoot: Digest256?
  /// Records in the file.
  package var records: Int
  /// The earliest event in a part; the beginning of a hold.
  package var firstTime: Timestamp?
  /// The latest event in a part; the end of a hold.
  package var lastTime: Timestamp?
  /// Why something was taken out or is held.
  package var reason: String?
  /// Members that few kinds of rows have, kept out of those that are many.
  private indirect enum Detail: Sendable {
    case input(RecordedInput)
    case signingKey(SigningKeyChange)
    case dialect([Role: [JSONPointer]])
  }

  private var detail: Detail?

  /// The input of a row about one.
  package var input: RecordedInput? {
    if case .input(let facts) = detail { facts } else { nil }
  }

  /// The pointers of a row about a dialect.
  package var dialect: [Role: [JSONPointer]]? {
    if case .dialect(let pointers) = detail { pointers } else { nil }
  }

  /// The change of a row about a signing key.
  package var signingKey: SigningKeyChange? {
    if case .signingKey(let change) = detail { change } else { nil }
  }
}

/// Reads rows. An archive has one for every part of every night, hundreds of thousands in the end, and some
/// commands read them all: so only what stays is copied.
package struct ManifestRowReader: ~Copyable {
  private let scanner: Scanner
  private var fields: FlatArray<Field>

  package init() throws(PointerError) {
    var pointers: [JSONPointer] = []
    for name in RowValues.names { pointers.append(try JSONPointer("/" + name)) }
    scanner = Scanner(PointerSet(pointers))
    fields = FlatArray(capacity: pointers.count)
    fields.append(repeating: .missing, count: pointers.count)
  }

  /// The row on a line, without its line feed; nil if it is none, or speaks of a file outside the archive.
  package mutating func read(_ line: ByteView) -> ManifestRow? {
    guard let start = fields.elements.baseAddress else { return nil }
    let scan = scanner.scanWhole(line, fields: start)
    guard scan.fault == .none, scan.kind == .object else { return nil }
    let values = RowValues(line: line, fields: UnsafeBufferPointer(fields.elements))
    guard let kind = values.text(.kind).flatMap(ManifestRow.Kind.init) else { return nil }
    let row = ManifestRow(kind, values)
    if kind.file != nil || kind == .retired {
      guard ManifestRowReader.isInside(row.path), row.sha256 != nil,
        kind == .retired || row.staged.map(ManifestRowReader.isInside) == true
      else { return nil }
    }
    return row
  }

  /// True for a relative path that does not lead upwards.
  package static func isInside(_ path: String) -> Bool {
    let components = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
    return components.allSatisfy {
      !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    } && !path.utf8.contains(0)
  }
}

/// The values of a row, where they lie in its line.
private struct RowValues {
  enum Place: Int {
    case kind, path, name, staged, bytes, sha256, merkleRoot, records, firstTime, lastTime, since
    case until, reason, beginning, offset, before, text, format, damage, pending, publicKey
    case previous, endorsement
  }

  /// In the order of the places.
  static let names = [
    "kind", "path", "name", "staged", "bytes", "sha256", "merkle_root", "records", "first_time",
    "last_time", "since", "until", "reason", "beginning", "offset", "before", "text", "format",
    "damage", "pending", "public_key", "previous", "endorsement",
  ]

  let line: ByteView
  let fields: UnsafeBufferPointer<Field>

  func text(_ place: Place) -> String? {
    let field = fields[place.rawValue]
    guard field.kind == .string else { return nil }
    guard field.isEscaped else { return String(decoding: content(field), as: UTF8.self) }
    var value = ByteBuffer()
    JSONString.unescape(content(field), into: &value)
    return String(decoding: value.view, as: UTF8.self)
  }

  func number(_ place: Place) -> Int64? {
    let field = fields[place.rawValue]
    guard field.kind == .number else { return nil }
    let span = field.span
    return Int64(String(decoding: line[Int(span.start)..<span.end], as: UTF8.self))
  }

  func digest(_ place: Place) -> Digest256? {
    let field = fields[place.rawValue]
    return field.kind == .string ? Digest256(hex: content(field)) : nil
  }

  func time(_ place: Place) -> Timestamp? {
    let field = fields[place.rawValue]
    return field.kind == .string ? Timestamp(rfc3339: content(field)) : nil
  }

  private func content(_ field: Field) -> ByteView {
    ByteView(rebasing: line[Int(field.content.start)..<field.content.end])
  }
}

extension ManifestRow {
  fileprivate init(_ kind: Kind, _ values: RowValues) {
    self.kind = kind
    path = values.text(.path) ?? values.text(.name) ?? ""
    staged = values.text(.staged)
    bytes = values.number(.bytes) ?? 0
    sha256 = values.digest(.sha256)
    merkleRoot = values.digest(.merkleRoot)
    records = Int(clamping: values.number(.records) ?? 0)
    firstTime = values.time(.firstTime) ?? values.time(.since)
    lastTime = values.time(.lastTime) ?? values.time(.until)
    reason = values.text(.reason)
    switch kind {
    case .input: detail = .input(input(values))
    case .signingKey:
      detail = .signingKey(
        SigningKeyChange(
          publicKey: values.text(.publicKey) ?? "", previous: values.text(.previous),
          endorsement: values.text(.endorsement)))
    case .dialect: detail = .dialect(ManifestRow.dialect(values.line))
    default: break
    }
  }

  private static func dialect(_ line: ByteView) -> [Role: [JSONPointer]] {
    guard var reader = try? JSONFields(Role.allCases.map { "/\($0.rawValue)/*" }),
      let found = reader.read(line)
    else { return [:] }
    let pairs = zip(Role.allCases, found).map { ($0, $1.compactMap { try? JSONPointer($0) }) }
    return Dictionary(uniqueKeysWithValues: pairs.filter { !$0.1.isEmpty })
  }

  private func input(_ values: RowValues) -> RecordedInput {
    var mark: ContentMark?
    if let digest = values.text(.beginning).flatMap({ UInt64($0, radix: 16) }),
      let length = ContentMark.length(bytes)
    {
      mark = ContentMark(length: length, digest: digest)
    }
    return RecordedInput(
      name: path, bytes: bytes, sha256: sha256, beginning: mark, records: records,
      continued: values.number(.offset).map {
        RecordedInput.Continuation(
          offset: $0, records: Int(clamping: values.number(.before) ?? 0))
      },
      text: values.number(.text), format: values.text(.format), damage: values.text(.damage),
      pending: values.number(.pending))
  }
}

/// Reads a few scalars out of small documents of our own. Not for the data plane.
package struct JSONFields: ~Copyable {
  private let scanner: Scanner
  private let count: Int
  /// For each pointer whether it may find several values.
  private let areMany: [Bool]

  /// Pointers may hold `*` for all elements of an array.
  package init(_ pointers: [String]) throws(PointerError) {
    self.init(try JSONFields.set(pointers))
  }

  /// Pointers that were put together once, for many documents.
  package struct Pointers: Sendable {
    fileprivate let set: PointerSet
    /// For each pointer whether it may find several values.
    fileprivate let areMany: [Bool]
  }

  /// The same for pointers that were put together before.
  package init(_ pointers: Pointers) {
    scanner = Scanner(pointers.set)
    count = pointers.set.count
    areMany = pointers.areMany
  }

  /// Puts pointers together.
  package static func set(_ pointers: [String]) throws(PointerError) -> Pointers {
    var parsed: [JSONPointer] = []
    for pointer in pointers { parsed.append(try JSONPointer(pointer)) }
    return Pointers(
      set: PointerSet(parsed, wildcards: true), areMany: pointers.map { $0.contains("*") })
  }

  /// For each pointer the strings and numbers found, in their order; nil if the text is no object, or has
  /// one of the members twice: other readers might take the other.
  package mutating func read(_ text: ByteView) -> [[String]]? {
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
      Scanner.skipWhitespace(text, from: scan.end) == text.count,
      zip(found, areMany).allSatisfy({ $1 || $0.count <= 1 })
    else { return nil }
    return found
  }
}

extension Digest256 {
  /// The digest that 64 hexadecimal digits stand for.
  package init?(text: String) {
    var text = text
    guard let digest = text.withUTF8({ Digest256(hex: $0) }) else { return nil }
    self = digest
  }
}

extension Timestamp {
  /// The time that an RFC 3339 text stands for.
  package init?(text: String) {
    var text = text
    guard let time = text.withUTF8({ Timestamp(rfc3339: $0) }) else { return nil }
    self = time
  }
}
