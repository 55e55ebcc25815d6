public import Bytes
internal import JSONText

/// Takes in the rows of a key directory, one JSON object each.
public struct KeyDirectoryLoader: ~Copyable {
  private var rows: RowReader
  private var ids = ByteTable<UInt32>()
  private var keys = FlatArray<KeyDirectory.Key>()
  private var versions = FlatArray<KeyDirectory.Version>()
  private var text = ByteBuffer(capacity: 4096)
  private var scratch = ByteBuffer()
  private var tokens = TokenText()
  /// For ids, one by one.
  private var names = TokenText()
  /// Every element of an array.
  private let elements = Scanner(.everyElement)

  /// Where the answers of APIs hold their keys: of GraphQL, as a list or as edges, and of REST.
  private static let lists: [StaticString] = [
    "/data/apiKeys/edges", "/data/apiKeys", "/apiKeys/edges", "/apiKeys", "/api_keys",
  ]

  private static let summary: [(KeyField, StaticString)] = [
    (.name, ",\"name\":"), (.type, ",\"type\":"), (.owner, ",\"owner\":"),
  ]
  private static let rest: [(KeyField, StaticString)] = [
    (.scopes, ",\"scopes\":"), (.allowList, ",\"allow_list\":"),
    (.effectiveScope, ",\"effective_scope\":"), (.roles, ",\"roles\":"),
  ]

  /// A loader for rows that keep their fields where `fields` says. Places that hold secrets are
  /// left out, whoever asks for them.
  public init(_ fields: KeyFields = .standard) {
    rows = RowReader(
      KeyField.allCases.map { field in
        (fields.pointers[field] ?? []).filter { !KeyFields.isSecret($0) }
      } + [Self.lists.map { JSONPointer(literal: $0) }])
  }

  /// Versions of keys taken in so far.
  public var versionCount: Int { versions.count }

  /// Takes in a row, which begins on `line` of its file: a key, or a whole answer of an API with many.
  public mutating func add(_ row: ByteView, line: Int) throws(LookupError) {
    guard tokens.find(in: row, isJSON: true) else {
      return try add(row, line: line, isElement: false)
    }
    // A token in what is said of a key is never shown and never kept: from here on it is not there.
    var rest = ByteBuffer(capacity: row.count)
    tokens.append(row, to: &rest)
    try add(rest.view, line: line, isElement: false)
  }

  private mutating func add(
    _ row: ByteView, line: Int, isElement: Bool
  ) throws(LookupError) {
    try rows.scan(row, line: line)
    scratch.removeAll()
    guard rows.append(KeyField.id.ordinal, of: row, to: &scratch) else {
      guard !isElement, let list = rows.field(KeyField.allCases.count), list.kind == .array else {
        throw LookupError(
          line: line,
          reason: "a row of a key directory needs an \"id\": \(RowReader.members(of: row))")
      }
      return try addElements(of: row, list, line: line)
    }
    var version = KeyDirectory.Version(id: internID(), line: line)
    version.validFrom = try time(.validFrom, row, line) ?? .min
    version.validTo = try time(.validTo, row, line) ?? .max
    version.expiresAt = try time(.expiresAt, row, line) ?? .max
    version.deletedAt = try time(.deletedAt, row, line) ?? .max
    guard version.validFrom < version.validTo else {
      throw LookupError(line: line, reason: "\"valid_to\" must be after \"valid_from\"")
    }
    render(row, &version)
    versions.append(version)
  }

  /// Takes in the keys of a whole answer of an API.
  private mutating func addElements(
    of row: ByteView, _ list: Field, line: Int
  ) throws(LookupError) {
    let text = ByteView(rebasing: row[Int(list.start)..<list.span.end])
    var found: [Span32] = []
    _ = elements.collect(text) { found.append($0.field.span) }
    guard found.count <= Scanner.mostMatches else {
      throw LookupError(
        line: line,
        reason: "more than \(Scanner.mostMatches) keys in one document (max_keys): set \"records\"")
    }
    // Lines are counted on from the element before: from the beginning for each would be quadratic.
    var line = line
    var counted = 0
    for element in found {
      let place = Int(list.start) + Int(element.start)
      line += row[counted..<place].count { $0 == 0x0A }
      counted = place
      try add(
        ByteView(rebasing: text[Int(element.start)..<element.end]), line: line, isElement: true)
    }
  }

  private func time(
    _ field: KeyField, _ row: ByteView, _ line: Int
  ) throws(LookupError) -> Int64? {
    try rows.time(field.ordinal, of: row, line: line, "\"\(field.rawValue)\"")
  }

  /// The number of the id in `scratch`, a new one if it is new. Where that could be the id of several keys,
  /// it is one that no event can name, for it is no UTF-8.
  private mutating func internID() -> UInt32 {
    _ = names.find(in: scratch.view, isJSON: false)
    guard names.isHollow || scratch.view.lacksCharacter else { return intern(scratch.view) }
    var nobodys = ByteBuffer(capacity: scratch.count + 1)
    nobodys.append(0xFF)
    nobodys.append(scratch.view)
    return intern(nobodys.view)
  }

  private mutating func intern(_ id: ByteView) -> UInt32 {
    let new = UInt32(keys.count)
    if let known = ids.insert(id, new) { return known }
    keys.append(KeyDirectory.Key(text: text.count, count: UInt32(id.count)))
    text.append(id)
    return new
  }

  private mutating func render(_ row: ByteView, _ version: inout KeyDirectory.Version) {
    version.text = text.count
    text.append("{\"id\":")
    JSONString.append(quoting: scratch.view, to: &text)
    version.idCount = UInt32(text.count - version.text)
    for (field, key) in KeyDirectoryLoader.summary {
      let start = text.count
      append(field, key, row)
      if field == .name, text.count > start {
        let value = start + key.utf8CodeUnitCount
        version.nameStart = UInt32(value - version.text)
        version.nameCount = UInt32(text.count - value)
      }
    }
    version.summaryCount = UInt32(text.count - version.text)
    for (field, key) in KeyDirectoryLoader.rest { append(field, key, row) }
    version.fullCount = UInt32(text.count - version.text)
  }

  private mutating func append(_ field: KeyField, _ key: StaticString, _ row: ByteView) {
    guard let value = rows.field(field.ordinal) else { return }
    let raw = ByteView(rebasing: row[Int(value.start)..<value.span.end])
    switch value.kind {
    case .object, .array:
      // A name is one line of text; and what holds a secret is nothing to copy.
      guard field != .name, !CompactJSON.hasMember(raw, where: { KeyFields.holdsSecret($0) }) else {
        return
      }
      text.append(key)
      CompactJSON.append(raw, to: &text)
    case .string:
      text.append(key)
      scratch.removeAll()
      value.appendText(in: row, to: &scratch)
      if field == .type { KeyDirectoryLoader.lowerEnumeration(&scratch) }
      JSONString.append(quoting: scratch.view, to: &text)
    default:
      text.append(key)
      if field == .name { JSONString.append(quoting: raw, to: &text) } else { text.append(raw) }
    }
  }

  /// `OIDC` becomes `oidc`: the constants of an API, not a word that somebody chose, like `IAMUser`.
  private static func lowerEnumeration(_ word: inout ByteBuffer) {
    for byte in word.view where !(0x41...0x5A).contains(byte) && byte != UInt8(ascii: "_") {
      return
    }
    for at in 0..<word.count where word.base[at] != UInt8(ascii: "_") { word.base[at] |= 0x20 }
  }

  /// The directory of all rows taken in.
  public consuming func finish() -> KeyDirectory {
    sortVersions()
    let (overlaps, overlapCount) = findOverlaps()
    let stretches = KeyStretches(versions, &keys)
    let names = findNames(stretches)
    return KeyDirectory(
      ids: ids, names: names, keys: keys, versions: versions, stretches: stretches, text: text,
      overlaps: overlaps, overlapCount: overlapCount)
  }

  // MARK: Versions

  /// Brings the versions of each key together, by time. Where two could hold, the last one does: what they
  /// say decides which that is, and never the order of the rows.
  private mutating func sortVersions() {
    var sorted = versions.elements
    sorted.sort { isBefore($0, $1) }
    for index in 0..<versions.count {
      let id = Int(versions[index].id)
      if keys[id].versionCount == 0 { keys[id].firstVersion = Int32(index) }
      keys[id].versionCount += 1
    }
  }

  private func isBefore(_ left: KeyDirectory.Version, _ right: KeyDirectory.Version) -> Bool {
    if (left.id, left.validFrom) != (right.id, right.validFrom) {
      return (left.id, left.validFrom) < (right.id, right.validFrom)
    }
    if left.validTo != right.validTo { return left.validTo > right.validTo }
    if (left.expiresAt, left.deletedAt) != (right.expiresAt, right.deletedAt) {
      return (left.expiresAt, left.deletedAt) < (right.expiresAt, right.deletedAt)
    }
    return content(left).lexicographicallyPrecedes(content(right))
  }

  private func content(_ version: KeyDirectory.Version) -> ByteView {
    ByteView(start: text.base + version.text, count: Int(version.fullCount))
  }

  /// Versions that begin while an earlier one of the same key holds. A row that is there twice is none.
  private func findOverlaps() -> (told: [KeyDirectory.Overlap], count: Int) {
    var told: [KeyDirectory.Overlap] = []
    var count = 0
    var latest = 0
    for index in 0..<versions.count {
      let version = versions[index]
      guard index > 0, versions[latest].id == version.id else {
        latest = index
        continue
      }
      let earlier = versions[latest]
      if version.validTo > earlier.validTo { latest = index }
      guard version.validFrom < earlier.validTo, !isSame(version, earlier),
        !isSame(version, versions[index - 1])
      else { continue }
      count += 1
      guard told.count < KeyDirectory.mostOverlaps else { continue }
      let key = keys[Int(version.id)]
      let id = ByteView(start: text.base + key.text, count: Int(key.count))
      told.append(
        KeyDirectory.Overlap(
          key: String(decoding: id, as: UTF8.self),
          lines: (min(earlier.line, version.line), max(earlier.line, version.line))))
    }
    return (told, count)
  }

  private func isSame(_ left: KeyDirectory.Version, _ right: KeyDirectory.Version) -> Bool {
    !isBefore(left, right) && !isBefore(right, left)
  }

  // MARK: Names

  /// Who bears which name when: each key at each time that of the version that counts.
  private mutating func findNames(_ stretches: borrowing KeyStretches) -> KeyNames {
    var names = ByteTable<KeyNames.Name>()
    var bearers: [(name: UInt32, bearer: KeyNames.Bearer)] = []
    for (number, key) in keys.elements.enumerated() {
      let end = Int(key.firstStretch + key.stretchCount)
      for place in Int(key.firstStretch)..<end {
        let stretch = stretches.all[place]
        guard stretch.version >= 0, let name = insertName(of: stretch.version, &names) else {
          continue
        }
        let bearer = KeyNames.Bearer(
          key: UInt32(number), start: stretch.start,
          end: place + 1 < end ? stretches.all[place + 1].start : .max)
        bearers.append((UInt32(name), bearer))
      }
    }
    return KeyNames(names, bearers) { isIDBefore($0, $1) }
  }

  /// The number of a version's name; nil if it has none.
  private mutating func insertName(
    of index: Int32, _ names: inout ByteTable<KeyNames.Name>
  ) -> Int? {
    let version = versions[Int(index)]
    guard version.nameCount > 2 else { return nil }
    let quoted = ByteView(
      start: text.base + version.text + Int(version.nameStart), count: Int(version.nameCount))
    scratch.removeAll()
    JSONString.unescape(ByteView(rebasing: quoted[1..<quoted.count - 1]), into: &scratch)
    // Numbers are those of the table, in which a name that is new comes last.
    let next = KeyNames.Name(start: names.count)
    return (names.insert(scratch.view, next) ?? next).start
  }

  private func isIDBefore(_ left: UInt32, _ right: UInt32) -> Bool {
    let (left, right) = (keys[Int(left)], keys[Int(right)])
    return ByteView(start: text.base + left.text, count: Int(left.count))
      .lexicographicallyPrecedes(ByteView(start: text.base + right.text, count: Int(right.count)))
  }
}
