public import Bytes
internal import JSONText

// A row keeps what an event will get, rendered when the store loads: the display actor, the claims
// to keep and the token, one behind the other, so that a match is one hash and one copy. The other
// claims are not kept at all. Rows of one token id are chained, the latest first; in honest stores
// the chain has one link.

/// The tokens that are known, with what their claims come to under the display policies. Immutable,
/// and so shared by every worker.
public final class ClaimStore: @unchecked Sendable {
  // Sendable because all storage is written by the loader alone, before anyone else sees it.

  /// A token.
  public struct Row: BitwiseCopyable, Sendable {
    var text: Int
    /// Bytes of the display actor, a JSON string, which comes first; 0 if no candidate is there.
    public internal(set) var displayCount: UInt32 = 0
    /// Bytes of the claims, a JSON object, which come second; 0 if there are none to keep.
    public internal(set) var claimsCount: UInt32 = 0
    /// Bytes of the token, a JSON object, which comes last.
    public internal(set) var tokenCount: UInt32 = 0
    /// Which of the policies' candidates is shown; -1 if none is there.
    public internal(set) var candidate: Int32 = -1
    /// `displayCleaned`, `imitatesActor`.
    public internal(set) var flags: UInt32 = 0
    /// The key's id, in the store's text.
    var key: Int
    var keyCount: UInt32
    var nextOfToken: Int32 = -1
    var issuedAt = Int64.min
    var expiresAt = Int64.max
  }

  /// What the store says about a token id and a key.
  public enum Match: Sendable {
    /// It is a token of that key.
    case row(Row)
    /// The token id is not known.
    case unknown
    /// The token belongs to another key.
    case ofOtherKey
  }

  /// Number of rows.
  public var count: Int { rows.count }
  private let tokens: ByteTable<Int32>
  private let rows: FlatArray<Row>
  private let text: ByteBuffer

  init(
    tokens: consuming ByteTable<Int32>, rows: consuming FlatArray<Row>,
    text: consuming ByteBuffer
  ) {
    self.tokens = tokens
    self.rows = rows
    self.text = text
  }

  /// Looks a token of a key up.
  public func find(token: ByteView, key: ByteView) -> Match {
    guard var at = tokens.find(token) else { return .unknown }
    while at >= 0 {
      let row = rows[Int(at)]
      if isKey(row, key) { return .row(row) }
      at = row.nextOfToken
    }
    return .ofOtherKey
  }

  private func isKey(_ row: Row, _ key: ByteView) -> Bool {
    guard Int(row.keyCount) == key.count else { return false }
    for at in 0..<key.count where text.base[row.key + at] != key[at] { return false }
    return true
  }

  /// Appends the row's texts: display actor, claims, token.
  public func append(_ row: Row, to buffer: inout ByteBuffer) {
    buffer.append(
      UnsafePointer(text.base + row.text),
      count: Int(row.displayCount) + Int(row.claimsCount) + Int(row.tokenCount))
  }

  /// What to note about an event at `time` made with the token, both in microseconds: nothing
  /// within [issued at, expires at), `skew` if the tolerance makes up for it, else
  /// `tokenTimeOutside`.
  public static func flags(of row: Row, at time: Int64, skew: Int64) -> UInt32 {
    if time >= row.issuedAt && time < row.expiresAt { return 0 }
    // One of the two is a real time, so that the tolerance cannot carry it over the edge.
    let isNear = time < row.issuedAt ? time >= row.issuedAt &- skew : time < row.expiresAt &+ skew
    return (isNear ? AttributionFlags.skew : .tokenTimeOutside).rawValue
  }
}

/// Takes in the rows of a claim store, one JSON object each.
public struct ClaimStoreLoader: ~Copyable {
  private enum Place: Int, CaseIterable {
    case key, token, issuedAt, expiresAt, claims

    var pointers: [String] {
      switch self {
      case .key: ["/key_id"]
      case .token: ["/token_id", "/jti"]
      case .issuedAt: ["/iat"]
      case .expiresAt: ["/exp"]
      case .claims: ["/claims"]
      }
    }
  }

  private var fields = RowReader(
    Place.allCases.map { $0.pointers.compactMap { try? JSONPointer($0) } })
  private var reader: ClaimReader
  private var tokens = ByteTable<Int32>()
  /// Where each key's id lies in `text`, once for all of its tokens.
  private var keys = ByteTable<Int>()
  private var rows = FlatArray<ClaimStore.Row>()
  private var text = ByteBuffer(capacity: 4096)
  private var scratch = ByteBuffer()

  /// A loader that keeps what `policies` show and retain.
  public init(_ policies: DisplayPolicies) { reader = ClaimReader(policies) }

  /// Takes in a row, which begins on `line` of its file.
  public mutating func add(_ row: ByteView, line: Int) throws(LookupError) {
    try fields.scan(row, line: line)
    scratch.removeAll()
    guard fields.append(Place.key.rawValue, of: row, to: &scratch) else {
      throw LookupError(line: line, reason: "a row of a claim store needs a \"key_id\"")
    }
    var entry = ClaimStore.Row(text: 0, key: internKey(), keyCount: UInt32(scratch.count))
    entry.text = text.count
    let hasClaims = try readClaims(row, line, &entry)
    entry.issuedAt =
      try fields.time(Place.issuedAt.rawValue, of: row, line: line, "\"iat\"")
      ?? (hasClaims ? reader.issuedAt : nil) ?? .min
    entry.expiresAt =
      try fields.time(Place.expiresAt.rawValue, of: row, line: line, "\"exp\"")
      ?? (hasClaims ? reader.expiresAt : nil) ?? .max
    scratch.removeAll()
    let hasToken =
      fields.append(Place.token.rawValue, of: row, to: &scratch)
      || hasClaims && reader.appendToken(to: &scratch)
    if hasToken {
      appendToken(&entry)
      entry.nextOfToken = tokens.update(scratch.view, Int32(rows.count)) ?? -1
    }
    rows.append(entry)
  }

  /// Where the key id in `scratch` lies in `text`.
  private mutating func internKey() -> Int {
    if let known = keys.insert(scratch.view, text.count) { return known }
    let start = text.count
    text.append(scratch.view)
    return start
  }

  /// Reads the claims, an object or (in tables of plain text) a string that holds one.
  private mutating func readClaims(
    _ row: ByteView, _ line: Int, _ entry: inout ClaimStore.Row
  ) throws(LookupError) -> Bool {
    guard let field = fields.field(Place.claims.rawValue) else { return false }
    scratch.removeAll()
    RowReader.append(field, of: row, to: &scratch)
    guard let reading = reader.read(scratch.view) else {
      throw LookupError(line: line, reason: "\"claims\" must be an object")
    }
    text.append(reader.output.view)
    entry.displayCount = reading.display.count
    entry.claimsCount = reading.retained.count
    entry.candidate = reading.candidate
    entry.flags = reading.flags
    return true
  }

  private mutating func appendToken(_ entry: inout ClaimStore.Row) {
    let start = text.count
    text.append("{\"id\":")
    JSONString.append(quoting: scratch.view, to: &text)
    if entry.issuedAt != .min { appendSeconds(",\"issued_at\":", entry.issuedAt) }
    if entry.expiresAt != .max { appendSeconds(",\"expires_at\":", entry.expiresAt) }
    text.append(UInt8(ascii: "}"))
    entry.tokenCount = UInt32(text.count - start)
  }

  private mutating func appendSeconds(_ key: StaticString, _ microseconds: Int64) {
    text.append(key)
    text.append(decimal: Int(Timestamp(microseconds: microseconds)?.seconds ?? 0))
  }

  /// The store of all rows taken in.
  public consuming func finish() -> ClaimStore {
    ClaimStore(tokens: tokens, rows: rows, text: text)
  }
}
