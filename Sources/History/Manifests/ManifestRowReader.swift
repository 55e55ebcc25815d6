package import Bytes
internal import JSONText
internal import Trail

/// Reads rows. An archive has one for every part of every night, hundreds of thousands in the end, and some
/// commands read them all: so only what stays is copied.
package struct ManifestRowReader: ~Copyable {
  private var documents = DocumentReader(Member.all)
  private var days = EventDays.Reader()

  package init() {}

  /// The row on a line, without its line feed; nil if it is none, or speaks of a file that is not where those
  /// of its kind are.
  package mutating func read(_ line: ByteView) -> ManifestRow? {
    guard let document = try? documents.read(line),
      let kind = document.text(.kind).flatMap(ManifestRow.Kind.init)
    else { return nil }
    var row = ManifestRow(kind, document)
    if kind == .dialect { row.detail = .dialect(ManifestRow.dialect(line, row.path)) }
    if kind == .added { row.detail = .added(ManifestRow.added(line)) }
    if kind == .file(.digests) {
      row.detail = .digests(blocksRoot: row.blocksRoot, days: days.read(line))
    }
    guard row.bytes >= 0, row.records >= 0 else { return nil }
    if kind.file != nil || kind == .retired {
      guard ManifestRowReader.isInside(row.path), row.sha256 != nil,
        let file = FileKind(ofPath: row.path)
      else { return nil }
      guard kind == .retired || kind.file == file && ManifestRowReader.isStaged(row.staged) else {
        return nil
      }
      if row.isMovedOut {
        guard file == .part, document.text(.to) == PartNames.retired(row.path) else { return nil }
      }
    }
    return row
  }

  /// True for a name in a commit's folder in staging.
  private static func isStaged(_ name: String?) -> Bool {
    guard let name else { return false }
    return isInside(name) && !name.utf8.contains(UInt8(ascii: "/"))
  }

  /// True for a relative path that does not lead upwards.
  package static func isInside(_ path: String) -> Bool {
    let components = path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
    return components.allSatisfy {
      !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    } && !path.utf8.contains(0)
  }
}

/// The members of rows. The raw values are their places.
private enum Member: Int {
  case kind, path, name, staged, bytes, sha256, merkleRoot, records, firstTime, lastTime, since
  case until, reason, beginning, offset, before, text, format, damage, pending, publicKey
  case previous, endorsement, textSHA256, textBeginning, prefixes, behindDamage, addedBy, to
  case blocksRoot, template
  /// The first figure of `TextAccount`; the others follow.
  case account

  static let all = DocumentMembers(
    [
      "/kind", "/path", "/name", "/staged", "/bytes", "/sha256", "/merkle_root", "/records",
      "/first_time", "/last_time", "/since", "/until", "/reason", "/beginning", "/offset",
      "/before", "/text", "/format", "/damage", "/pending", "/public_key", "/previous",
      "/endorsement", "/text_sha256", "/text_beginning", "/prefixes", "/behind_damage", "/added_by",
      "/to", "/blocks_root", "/template",
    ] + TextAccount.names.map { "/text_bytes/\($0)" })

  /// The pointers of a dialect, by the places of their roles, and how its times are read.
  static let dialect = DocumentMembers(
    Role.allCases.map { "/\($0.rawValue)/*" } + ["/time_zone", "/time_formats/*"])

  /// The names of what was added, by the places of the members, and whether events can have brought a
  /// `delivery`.
  static let added = DocumentMembers(
    AddedRole.allCases.map { "/\($0.rawValue)" } + ["/own_delivery", "/verified"])
}

extension OwnDocument {
  fileprivate func text(_ member: Member) -> String? { string(member.rawValue) }
  fileprivate func number(_ member: Member) -> Int64? { number(member.rawValue) }
  fileprivate func digest(_ member: Member) -> Digest256? { digest(member.rawValue) }
  fileprivate func time(_ member: Member) -> Timestamp? { time(member.rawValue) }
}

extension ManifestRow {
  fileprivate init(_ kind: Kind, _ document: OwnDocument) {
    self.kind = kind
    path = document.text(.path) ?? document.text(.name) ?? document.text(.template) ?? ""
    staged = document.text(.staged)
    bytes = document.number(.bytes) ?? 0
    sha256 = document.digest(.sha256)
    merkleRoot = document.digest(.merkleRoot)
    records = Int(clamping: document.number(.records) ?? 0)
    firstTime = document.time(.firstTime) ?? document.time(.since)
    lastTime = document.time(.lastTime) ?? document.time(.until)
    reason = document.text(.reason)
    switch kind {
    case .input: detail = .input(input(document))
    case .signingKey:
      detail = .signingKey(
        SigningKeyChange(
          publicKey: document.text(.publicKey) ?? "", previous: document.text(.previous),
          endorsement: document.text(.endorsement)))
    case .retired: detail = document.text(.to) == nil ? nil : .movedOut
    case .file(.part): detail = document.number(.addedBy).map { .addedBy(Int(clamping: $0)) }
    case .file: detail = document.digest(.blocksRoot).map { .blocksRoot($0) }
    default: break
    }
  }

  fileprivate static func added(_ line: ByteView) -> AddedMembers {
    var reader = DocumentReader(Member.added)
    guard let document = try? reader.read(line) else { return .unnoted }
    var names = AddedNames()
    var roles: Set<AddedRole> = []
    for role in AddedRole.allCases {
      guard let name = document.string(role.place) else { continue }
      names[role] = name
      roles.insert(role)
    }
    let mayBring = document.kind(AddedRole.allCases.count) == .true
    if mayBring { roles.remove(.delivery) }
    let isVerified = document.kind(AddedRole.allCases.count + 1) == .true
    return AddedMembers(
      roles, names: names, mayBringDelivery: mayBring, provesSignatures: isVerified)
  }

  fileprivate static func dialect(_ line: ByteView, _ name: String) -> Dialect {
    var reader = DocumentReader(Member.dialect)
    var dialect = Dialect(name: name, pointers: [:])
    guard let document = try? reader.read(line) else { return dialect }
    for (place, role) in Role.allCases.enumerated() {
      let found = (document.strings(place) ?? []).compactMap { try? JSONPointer($0) }
      if !found.isEmpty { dialect.pointers[role] = found }
    }
    let zone = Role.allCases.count
    if var text = document.string(zone) { dialect.times.zone = text.withUTF8 { UTCOffset($0) } }
    dialect.times.formats = (document.strings(zone + 1) ?? []).compactMap { try? TimeFormat($0) }
    return dialect
  }

  private func input(_ document: OwnDocument) -> RecordedInput {
    let text = document.number(.text)
    return RecordedInput(
      name: path, bytes: bytes, sha256: sha256, beginning: mark(document.text(.beginning), bytes),
      records: records,
      continued: document.number(.offset).map {
        RecordedInput.Continuation(
          offset: $0, records: Int(clamping: document.number(.before) ?? 0))
      },
      text: text, textSHA256: document.digest(.textSHA256),
      textBeginning: text.flatMap { mark(document.text(.textBeginning), $0) },
      prefixes: document.text(.prefixes).flatMap(PrefixDigests.init),
      format: document.text(.format),
      damage: document.text(.damage), pending: document.number(.pending),
      account: account(document), behindDamage: document.number(.behindDamage))
  }

  private func account(_ document: OwnDocument) -> TextAccount? {
    let first = Member.account.rawValue
    return TextAccount(
      figures: TextAccount.names.indices.compactMap { document.number(first + $0) })
  }

  private func mark(_ digits: String?, _ bytes: Int64) -> ContentMark? {
    guard let digest = digits.flatMap({ UInt64($0, radix: 16) }),
      let length = ContentMark.length(bytes)
    else { return nil }
    return ContentMark(length: length, digest: digest)
  }
}
