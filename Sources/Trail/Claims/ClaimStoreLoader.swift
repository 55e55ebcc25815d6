public import Bytes
internal import JSONText

/// Takes in the rows of a claim store, one JSON object each.
public struct ClaimStoreLoader: ~Copyable {
  private enum Place: Int, CaseIterable {
    case key, token, run, issuedAt, expiresAt, sessionEnd, claims, condition, unverified, exchanged,
      via

    var pointers: [StaticString] {
      switch self {
      case .key: ["/key_id"]
      case .token: ["/token_id", "/jti"]
      case .run: ["/run_id"]
      case .issuedAt: ["/iat"]
      case .expiresAt: ["/exp"]
      case .sessionEnd: ["/session_expires_at"]
      case .claims: ["/claims"]
      case .condition: ["/where"]
      case .unverified: ["/unverified"]
      case .exchanged: ["/exchanged"]
      case .via: ["/via"]
      }
    }
  }

  private let policies: DisplayPolicies
  private let terms: ClaimTerms
  private var fields = RowReader(
    Place.allCases.map { $0.pointers.map { JSONPointer(literal: $0) } })
  private var reader: ClaimReader
  private var tokens = ByteTable<Int32>()
  private var keys = ByteKeys()
  private var renderings = ByteKeys()
  private var rows = FlatArray<ClaimRow>()
  private var evidence = TokenEvidence()
  /// Rows, in their order, of tokens whose sessions have rows of their own.
  private var exchanged = FlatArray<UInt32>()
  private let runs = RunTokens()
  private var conditions = TokenConditionReader()
  /// Numbers of the token ids that came again.
  private var repeated: Set<UInt32> = []
  private var scratch = ByteBuffer()
  /// Whether a row had a member for claims, `null` included; else what the first row has.
  private var hasClaimsMember = false
  private var firstMembers: [String] = []
  private var finder = TokenText()
  private let links = TokenLinks()
  private var acts = ActClaim()
  private var asker = AskerReader()
  /// True if an id of a token was itself a token, and was cut.
  private var hasCutIDs = false

  /// A loader that keeps what `policies` show and retain. `skew` is by how many microseconds the clocks
  /// of an event and of an issuer may differ; for the others see `ClaimTerms`.
  public init(
    _ policies: DisplayPolicies, skew: Int64, followsChains: Bool = true, requiresTime: Bool = false
  ) {
    self.policies = policies
    terms = ClaimTerms(skew: skew, followsChains: followsChains, requiresTime: requiresTime)
    reader = ClaimReader(policies)
  }

  /// Rows taken in so far.
  public var rowCount: Int { rows.count }

  /// The columns of which a table of plain text has to have one.
  public static let keyColumns = ["key_id"]

  /// The columns of a table of plain text that hold ids.
  public static let idColumns = ["key_id", "token_id", "jti", "run_id"]

  /// What the first row has, for messages, if policies name claims and no row has so much as a place for
  /// them: such a table would leave every event without a claim.
  public var membersInsteadOfClaims: String? {
    rows.count > 0 && !hasClaimsMember && !policies.named.isEmpty
      ? ShownName.list(firstMembers) : nil
  }

  /// Takes in a row, which begins on `line` of its file.
  public mutating func add(_ row: ByteView, line: Int) throws(LookupError) {
    try ClaimStore.refuseTooMany(after: rows.count, line: line)
    try fields.scan(row, line: line)
    try fields.readKey(
      Place.key.rawValue, of: row, line: line, what: "a row of a claim store", to: &scratch)
    if fields.isWritten(Place.claims.rawValue) {
      hasClaimsMember = true
    } else if rows.count == 0 {
      firstMembers = ShownName.members(of: row)
    }
    let key = internKey()
    let hasClaims = try readClaims(row, line, key: key)
    var entry = ClaimRow(
      key: UInt32(key),
      rendering: UInt32(
        hasClaims ? renderings.insert(reader.renderingBytes) : renderings.insert(Self.nothing)),
      token: ClaimRow.noToken)
    // Those of the claims are read even if the row has its own: one that is no time refuses the table.
    let issuedAt = hasClaims ? try reader.issuedAt(line: line) : nil
    let expiresAt = hasClaims ? try reader.expiresAt(line: line) : nil
    entry.issuedAt = try time(.issuedAt, row, line, "\"iat\"") ?? issuedAt ?? .min
    entry.expiresAt = try time(.expiresAt, row, line, "\"exp\"") ?? expiresAt ?? .max
    // Nothing of a row that is refused is taken in.
    let said = try evidence(row, line)
    try addLink(row, line, hasClaims: hasClaims)
    if let said { evidence.add(said) }
    if fields.field(Place.exchanged.rawValue)?.kind == .true {
      exchanged.append(UInt32(rows.count))
    }
    scratch.removeAll()
    if fields.append(Place.run.rawValue, of: row, to: &scratch) {
      runs.add(scratch.view, row: rows.count)
      scratch.removeAll()
    }
    if fields.append(Place.token.rawValue, of: row, to: &scratch)
      || hasClaims && reader.appendToken(to: &scratch)
    {
      addToken(to: &entry)
    }
    rows.append(entry)
  }

  /// Takes in the id of a row's token, which is in `scratch`. One that is a token itself is never written: it
  /// goes by what tells it from others. What nothing tells from others is no id.
  private mutating func addToken(to entry: inout ClaimRow) {
    if TokenDigest.isDigest(scratch.view) { hasCutIDs = true }
    switch TokenName(of: scratch.view, &finder) {
    case .plain: break
    case .nothing: return
    case .cut(let rest), .digest(let rest):
      hasCutIDs = true
      scratch.removeAll()
      rest.withUnsafeBufferPointer { scratch.append($0) }
    }
    guard !scratch.view.lacksCharacter else { return }
    let before = tokens.count
    entry.previous = tokens.update(scratch.view, Int32(rows.count)) ?? -1
    entry.token = entry.previous < 0 ? UInt32(before) : rows[Int(entry.previous)].token
    if entry.previous >= 0 { repeated.insert(entry.token) }
  }

  /// The number of the key whose id is in `scratch`. Where that could be the id of several keys, it is one
  /// that no event can name.
  private mutating func internKey() -> Int {
    _ = finder.find(in: scratch.view, isJSON: false)
    guard finder.isHollow || scratch.view.lacksCharacter else { return keys.insert(scratch.view) }
    return Self.nobodysKey.withUnsafeBufferPointer { keys.insert($0) }
  }
  /// No UTF-8.
  private static let nobodysKey: [UInt8] = [0xFF]

  /// What the row says of its session and of what else has to fit; nil if nothing.
  private mutating func evidence(
    _ row: ByteView, _ line: Int
  ) throws(LookupError) -> TokenEvidence.Entry? {
    var entry = TokenEvidence.Entry(row: UInt32(rows.count))
    if let end = try time(.sessionEnd, row, line, "\"session_expires_at\"") {
      entry.sessionEnd = end
    }
    if let field = fields.field(Place.condition.rawValue) {
      entry.condition = try conditions.add(try object(field, of: row, line), line: line)
    }
    let isEmpty =
      entry.sessionEnd == TokenEvidence.unknownEnd
      && entry.condition == TokenEvidence.unconditional
    return isEmpty ? nil : entry
  }

  /// The text of an object that is there as such or (in tables of plain text) in a string, which is `scratch`
  /// then.
  private mutating func object(
    _ field: Field, of row: ByteView, _ line: Int
  ) throws(LookupError) -> ByteView {
    guard field.kind == .string else {
      return ByteView(rebasing: row[Int(field.start)..<field.span.end])
    }
    scratch.removeAll()
    field.appendText(in: row, to: &scratch)
    try fields.refuseDuplicates(in: scratch.view, line: line)
    return scratch.view
  }

  /// Takes in who asked for the token, and who acts with it.
  private mutating func addLink(
    _ row: ByteView, _ line: Int, hasClaims: Bool
  ) throws(LookupError) {
    var found = ByteBuffer(capacity: 0)
    let count = hasClaims ? acts.append(of: reader.claims, to: &found) : 0
    let via = fields.field(Place.via.rawValue)
    guard count > 0 || via != nil else { return }
    scratch.removeAll()
    var counts = (key: 0, token: 0, actor: 0)
    if let via {
      try asker.read(via, of: row, fields, line: line)
      counts = (asker.key.count, asker.token.count, asker.actor.count)
      scratch.append(asker.key.view)
      scratch.append(asker.token.view)
      scratch.append(asker.actor.view)
    }
    var link = ByteBuffer(capacity: 64 + scratch.count + found.count)
    TokenLink.append(
      scratch.view, key: counts.key, token: counts.token, actor: counts.actor,
      acts: found.view, actCount: count, to: &link)
    links.add(link.view, row: rows.count)
  }

  /// The time at a place of the row itself; nil if there is nothing.
  private func time(
    _ place: Place, _ row: ByteView, _ line: Int, _ name: String
  ) throws(LookupError) -> Int64? {
    guard !fields.isBlank(place.rawValue) else {
      throw LookupError(line: line, reason: "\(name) is empty: leave it out, or give a time")
    }
    return try fields.bound(place.rawValue, of: row, line: line, name)
      .map { (bound) throws(LookupError) in
        try bound.ofToken(isEnd: place != .issuedAt, line: line, name)
      }
  }

  /// The rendering of a row without claims.
  private static var nothing: ByteView {
    ByteView(
      start: emptyHeader.utf8Start, count: ClaimRendering.headerCount)
  }
  private static let emptyHeader: StaticString = "\0\0\0\0\0\0\0\0"

  private static var noClaims: ByteView {
    ByteView(start: emptyClaims.utf8Start, count: emptyClaims.utf8CodeUnitCount)
  }
  private static let emptyClaims: StaticString = "{}"

  /// Reads the claims, an object or (in tables of plain text) a string that holds one.
  private mutating func readClaims(
    _ row: ByteView, _ line: Int, key: Int
  ) throws(LookupError) -> Bool {
    let isVerified = fields.saysVerified(Place.unverified.rawValue, of: row, &scratch)
    guard let field = fields.field(Place.claims.rawValue) else {
      reader.readNone()
      // Which issuers count is a question of a link without claims, too.
      guard fields.field(Place.via.rawValue) != nil else { return false }
      return reader.read(Self.noClaims, key: keys[key], isVerified: isVerified)
    }
    let claims = try object(field, of: row, line)
    guard reader.read(claims, key: keys[key], isVerified: isVerified) else {
      throw LookupError(line: line, reason: "\"claims\" must be an object")
    }
    return true
  }

  /// Which claims that the policies name were in the rows.
  public var seen: SeenClaims { reader.seen }

  /// The store of all rows taken in.
  public consuming func finish() -> ClaimStore {
    var sharing = SharedTokens()
    for token in repeated.sorted() { share(token, &sharing) }
    groupRuns()
    for index in 0..<exchanged.count { rows[Int(exchanged[index])].isLeftOut = true }
    return ClaimStore(
      rows: rows, renderings: renderings, tokens: tokens, keys: keys, sharing: sharing,
      evidence: evidence, conditions: conditions.finish(), links: links, runs: runs,
      policies: policies, terms: terms, hasCutIDs: hasCutIDs)
  }

  private func groupRuns() {
    let all = rows.elements
    runs.group(key: { all[Int($0)].key }) { left, right in
      let (left, right) = (Int(left), Int(right))
      if isBefore(left, right) { return true }
      // Two tokens of a run that have all else in common are two all the same.
      return !isBefore(right, left) && id(of: left).lexicographicallyPrecedes(id(of: right))
    }
  }

  private mutating func share(_ token: UInt32, _ sharing: inout SharedTokens) {
    var chain: [UInt32] = []
    var at = tokens[Int(token)]
    while at >= 0 {
      chain.append(UInt32(at))
      at = rows[Int(at)].previous
    }
    let all = rows.elements
    let (number, repeated) = sharing.add(chain, key: { all[Int($0)].key }) { left, right in
      isBefore(Int(left), Int(right))
    }
    for row in repeated { rows[Int(row)].isLeftOut = true }
    tokens[Int(token)] = Int32(-1 - number)
  }

  private func id(of row: Int) -> ByteView {
    let token = rows[row].token
    return token == ClaimRow.noToken ? ByteView(start: nil, count: 0) : tokens.key(Int(token))
  }

  private func isExchanged(_ row: Int) -> Bool {
    var low = 0
    var high = exchanged.count
    while low < high {
      let middle = (low + high) / 2
      if Int(exchanged[middle]) < row { low = middle + 1 } else { high = middle }
    }
    return low < exchanged.count && Int(exchanged[low]) == row
  }

  private func isBefore(_ leftRow: Int, _ rightRow: Int) -> Bool {
    let (left, right) = (rows[leftRow], rows[rightRow])
    if (left.issuedAt, left.expiresAt) != (right.issuedAt, right.expiresAt) {
      return (left.issuedAt, left.expiresAt) < (right.issuedAt, right.expiresAt)
    }
    let ends = (evidence.sessionEnd(of: leftRow), evidence.sessionEnd(of: rightRow))
    if ends.0 != ends.1 { return ends.0 < ends.1 }
    // One that counts does not repeat one that does not.
    let areExchanged = (isExchanged(leftRow), isExchanged(rightRow))
    if areExchanged.0 != areExchanged.1 { return areExchanged.1 }
    if left.rendering == right.rendering {
      if links.number(ofRow: leftRow) != links.number(ofRow: rightRow) {
        return links.isBefore(leftRow, rightRow)
      }
      return evidence.condition(of: leftRow) < evidence.condition(of: rightRow)
    }
    return renderings[Int(left.rendering)].lexicographicallyPrecedes(
      renderings[Int(right.rendering)])
  }
}
