public import Bytes
internal import JSONText

/// The tokens of a claim store, to which exchanges are held: their rows as they are, and their times.
///
/// Rows that have both key and token id in common are about one token, of which the store says several
/// things.
public struct SessionTokens: ~Copyable {
  private enum Place: Int, CaseIterable {
    case key, token, issuedAt, expiresAt, sessionEnd, claims, unverified, exchanged

    var pointers: [StaticString] {
      switch self {
      case .key: ["/key_id"]
      case .token: ["/token_id", "/jti"]
      case .issuedAt: ["/iat"]
      case .expiresAt: ["/exp"]
      case .sessionEnd: ["/session_expires_at"]
      case .claims: ["/claims"]
      case .unverified: ["/unverified"]
      case .exchanged: ["/exchanged"]
      }
    }
  }

  private enum Claim: Int, CaseIterable {
    case issuedAt, expiresAt, token

    var pointer: StaticString {
      switch self {
      case .issuedAt: "/iat"
      case .expiresAt: "/exp"
      case .token: "/jti"
      }
    }
  }

  struct Row: BitwiseCopyable {
    /// The row, without white space between its members.
    var text: Span32
    /// Number of its claims; those of several rows may be the same.
    var claims: UInt32
    var token: Int32
    /// The next row about the same token; -1 if there is none.
    var next: Int32 = -1
    /// `Int64.max` if it never does.
    var expiresAt: Int64
    var isUnverified: Bool
    var hasSessionEnd: Bool
  }

  struct Token: BitwiseCopyable {
    var key: UInt32
    /// The id of the first row; empty if it has none.
    var id: Span32
    /// From when it is valid, and until when, in microseconds since 1970, whichever row is right.
    var begin: Int64
    var end: Int64
    /// Its first row.
    var first: Int32
  }

  private var fields = RowReader(
    Place.allCases.map { $0.pointers.map { JSONPointer(literal: $0) } })
  private var claimFields = RowReader(
    Claim.allCases.map { [JSONPointer(literal: $0.pointer)] })
  private var finder = TokenText()
  private var text = ByteBuffer(capacity: 4096)
  private var scratch = ByteBuffer()
  private var cut = ByteBuffer()
  private var numbers = ByteTable<Int32>()
  private let mostBytes: Int
  private(set) var keys = ByteKeys()
  private(set) var claims = ByteKeys()
  private(set) var rows = FlatArray<Row>()
  private(set) var tokens = FlatArray<Token>()

  /// No tokens, and room for so many bytes of them.
  public init(mostBytes: Int = LearnedRows.mostBytes) { self.mostBytes = mostBytes }

  /// How many there are.
  public var count: Int { tokens.count }

  /// The bytes of a row or an id.
  func bytes(_ span: Span32) -> ByteView { text[span] }

  // MARK: Names

  /// Appends what a token is found by: its key's number, and its id; one that is a token itself goes by its
  /// digest.
  static func append(name id: [UInt8], ofKey key: UInt32, to buffer: inout ByteBuffer) {
    withUnsafeBytes(of: key.littleEndian) { buffer.append($0.bindMemory(to: UInt8.self)) }
    buffer.append(id)
  }

  /// The key's number and the id of what `append` has written.
  static func parts(ofName name: ByteView) -> (key: UInt32, id: ByteView) {
    let key = UnsafeRawBufferPointer(name).loadUnaligned(as: UInt32.self)
    return (UInt32(littleEndian: key), ByteView(rebasing: name[4...]))
  }

  /// The number of the token of key `key` with an id, whole, cut or its digest; nil if there is none.
  func find(id: ByteView, ofKey key: UInt32) -> Int32? {
    var name = ByteBuffer()
    SessionTokens.append(name: Array(id), ofKey: key, to: &name)
    return numbers.find(name.view)
  }

  // MARK: Rows

  /// Takes in a row, which begins on `line` of its file.
  public mutating func add(_ written: ByteView, line: Int) throws(LookupError) {
    guard rows.count < ClaimStore.mostRows, written.count < mostBytes - memoryBytes else {
      throw LookupError(
        line: line,
        reason: "more tokens than the \(mostBytes) bytes that can be kept (most_learned)")
    }
    cut.removeAll()
    if finder.find(in: written, isJSON: true) {
      finder.append(written, to: &cut)
    } else {
      cut.append(written)
    }
    try add(line)
  }

  private var memoryBytes: Int {
    text.count + claims.memoryBytes + rows.memoryBytes + tokens.memoryBytes + numbers.memoryBytes
  }

  /// Takes in the row that is `cut`.
  private mutating func add(_ line: Int) throws(LookupError) {
    try fields.scan(cut.view, line: line)
    guard fields.field(Place.exchanged.rawValue) == nil else {
      throw LookupError(
        line: line, reason: "holds sessions already (exchanged): name the store of the tokens alone"
      )
    }
    try fields.readKey(
      Place.key.rawValue, of: cut.view, line: line, what: "a row of a claim store", to: &scratch)
    let key = UInt32(keys.insert(scratch.view))
    let claims = try readClaims(line)
    let id = id(hasClaims: claims != nil)
    let times = try times(line, hasClaims: claims != nil)
    let start = text.count
    CompactJSON.append(cut.view, to: &text)
    var row = Row(
      text: Span32(start, count: text.count - start), claims: claims ?? 0, token: 0,
      expiresAt: times.end,
      isUnverified: !fields.saysVerified(Place.unverified.rawValue, of: cut.view, &scratch),
      hasSessionEnd: fields.field(Place.sessionEnd.rawValue) != nil)
    if claims == nil { row.claims = UInt32(self.claims.insert(SessionTokens.noClaims)) }
    append(&row, id, key, times)
  }

  private mutating func append(
    _ row: inout Row, _ id: [UInt8], _ key: UInt32, _ times: (begin: Int64, end: Int64)
  ) {
    let number = Int32(rows.count)
    let identity = id.withUnsafeBufferPointer { TokenName(of: $0, &finder) }.identity(of: id)
    if !id.isEmpty, let identity {
      var name = ByteBuffer()
      SessionTokens.append(name: identity, ofKey: key, to: &name)
      if let known = numbers.insert(name.view, Int32(tokens.count)) {
        var token = tokens[Int(known)]
        token.begin = min(token.begin, times.begin)
        token.end = max(token.end, times.end)
        row.token = known
        row.next = token.first
        token.first = number
        tokens[Int(known)] = token
        rows.append(row)
        return
      }
    }
    row.token = Int32(tokens.count)
    rows.append(row)
    let start = text.count
    text.append(id)
    tokens.append(
      Token(
        key: key, id: Span32(start, count: id.count), begin: times.begin, end: times.end,
        first: number))
  }

  private static var noClaims: ByteView {
    ByteView(start: empty.utf8Start, count: empty.utf8CodeUnitCount)
  }
  private static let empty: StaticString = "{}"

  /// The number of the row's claims, of which `claimFields` has the fields; nil if it has none.
  private mutating func readClaims(_ line: Int) throws(LookupError) -> UInt32? {
    guard let field = fields.field(Place.claims.rawValue) else { return nil }
    scratch.removeAll()
    if field.kind == .string {
      field.appendText(in: cut.view, to: &scratch)
    } else {
      scratch.append(ByteView(rebasing: cut.view[Int(field.start)..<field.span.end]))
    }
    guard scratch.view.first(where: { !" \t\n\r".utf8.contains($0) }) == UInt8(ascii: "{") else {
      throw LookupError(line: line, reason: "\"claims\" must be an object")
    }
    try claimFields.scan(scratch.view, line: line)
    var object = ByteBuffer(capacity: scratch.count)
    if claimFields.isWritten(Claim.token.rawValue) {
      SessionTokens.append(withoutToken: scratch.view, to: &object)
    } else {
      CompactJSON.append(scratch.view, to: &object)
    }
    return UInt32(claims.insert(object.view))
  }

  /// Appends claims without the token's id: what the token was exchanged for is another credential.
  private static func append(withoutToken claims: ByteView, to object: inout ByteBuffer) {
    object.append(UInt8(ascii: "{"))
    let start = object.count
    _ = Scanner(.everyElement).collect(claims) { match in
      let name = MemberName.text(before: Int(match.field.start), in: claims) ?? []
      guard !name.elementsEqual("jti".utf8) else { return }
      if object.count > start { object.append(UInt8(ascii: ",")) }
      name.withUnsafeBufferPointer { JSONString.append(quoting: $0, to: &object) }
      object.append(UInt8(ascii: ":"))
      CompactJSON.append(
        ByteView(rebasing: claims[Int(match.field.start)..<match.field.span.end]), to: &object)
    }
    object.append(UInt8(ascii: "}"))
  }

  private func id(hasClaims: Bool) -> [UInt8] {
    var id = ByteBuffer()
    if !fields.append(Place.token.rawValue, of: cut.view, to: &id), hasClaims {
      _ = claimFields.append(Claim.token.rawValue, of: scratch.view, to: &id)
    }
    return id.bytes
  }

  private func times(
    _ line: Int, hasClaims: Bool
  ) throws(LookupError) -> (begin: Int64, end: Int64) {
    func time(
      _ place: Place, _ claim: Claim, _ name: String
    ) throws(LookupError) -> Int64? {
      let isEnd = place == .expiresAt
      if let bound = try fields.bound(place.rawValue, of: cut.view, line: line, name) {
        return try bound.ofToken(isEnd: isEnd, line: line, name)
      }
      guard hasClaims else { return nil }
      return try claimFields.bound(claim.rawValue, of: scratch.view, line: line, name)
        .map { (bound) throws(LookupError) in
          try bound.ofToken(isEnd: isEnd, line: line, name)
        }
    }
    return (
      try time(.issuedAt, .issuedAt, "\"iat\"") ?? .min,
      try time(.expiresAt, .expiresAt, "\"exp\"") ?? .max
    )
  }
}
