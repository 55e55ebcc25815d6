public import Bytes
internal import Engine
internal import JSONText

// Tokens come by the million, callers by the thousand: a row is 32 bytes, and points to what it has in
// common with others: the key, and the rendering of its claims (`ClaimRendering`), which is interned.
// The other claims are not kept at all. A token's id is kept once, as the key of the table that finds
// the row.
//
//   tokens   id of a token ─► its row, or (negative) its group where several rows have that id
//   rows     key, rendering, token, issued at, expires at
//   byKey    the rows of each key side by side, for events that name no token
//
// Rows that have both token id and key in common are one token about which the store says several
// things; they are weighed like the tokens of a key of which nothing else is known (`ClaimTimeline`),
// and so is never the order of the rows what decides.
//
// What the tokens of a key come to at each time is worked out when the first event asks for it, once for
// each combination of policies, and kept: a list per key, at whose end new ones are published with a
// release store, so that finding one takes no lock.

/// The tokens that are known, with what their claims come to under the display policies. Does not change
/// for those who look, and so is shared by every worker.
public final class ClaimStore: @unchecked Sendable {
  // Sendable because the loader alone writes rows and tables, before anyone else sees them, and
  // `timelines` looks after itself.

  /// A token.
  struct Row: BitwiseCopyable {
    var key: UInt32
    var rendering: UInt32
    /// The number of its id; `noToken` if it has none.
    var token: UInt32
    /// While loading the row before with the same token id, or -1.
    var previous: Int32 = -1
    /// True for a row that says once more what another says about the token.
    var isRepeated: Bool {
      get { previous == -2 }
      set { if newValue { previous = -2 } }
    }
    var issuedAt = Int64.min
    var expiresAt = Int64.max
  }

  /// What the store says about an event.
  public struct Answer: BitwiseCopyable {
    /// How its claims were found.
    public var match: ClaimMatch
    /// `skew`, `tokenTimeOutside`, `tokenUnknown`, `tokenOfOtherKey`, `displayCleaned`,
    /// `imitatesActor`, `untrustedIssuer`.
    public var flags: UInt32 = 0
    /// The policy that decided what is shown; -1 if none did.
    public var policy = -1
    /// Which of the policies' candidates is shown; -1 if none is there.
    public var candidate = -1
    /// The display actor as a JSON string; empty if no candidate is there. Valid as long as the store.
    public var display = ByteView(start: nil, count: 0)
    /// The claims to keep, a JSON object; empty if there are none. Valid as long as the store.
    public var claims = ByteView(start: nil, count: 0)
    /// The row of the token; -1 if it is not known which, or has no id.
    var row: Int32 = -1

    init(_ match: ClaimMatch, _ flags: AttributionFlags = []) {
      self.match = match
      self.flags = flags.rawValue
    }
  }

  static let noToken = UInt32.max
  /// Most rows: 500 million.
  public static let mostRows = 500_000_000

  /// Number of rows.
  public var count: Int { rows.count }
  let rows: FlatArray<Row>
  let renderings: ByteKeys
  let tokens: ByteTable<Int32>
  private let keys: ByteKeys
  private let byKey: RowsByKey
  private let sharing: SharedTokens
  private let timelines: TimelineLists
  private let skew: Int64
  /// Names of the claims to keep, as JSON strings.
  let retainedNames: [[UInt8]]
  let policyOfCandidate: [Int]

  init(
    rows: consuming FlatArray<Row>, renderings: consuming ByteKeys,
    tokens: consuming ByteTable<Int32>, keys: consuming ByteKeys,
    sharing: consuming SharedTokens, policies: DisplayPolicies, skew: Int64
  ) {
    byKey = RowsByKey(rows, keys: keys.count)
    timelines = TimelineLists(count: keys.count + sharing.groups)
    self.rows = rows
    self.renderings = renderings
    self.tokens = tokens
    self.keys = keys
    self.sharing = sharing
    self.skew = skew
    policyOfCandidate = policies.candidates.map(\.policy)
    retainedNames = policies.retained.map { retained in
      var name = ByteBuffer()
      JSONString.append(quoting: retained.claim.name, to: &name)
      return name.bytes
    }
  }

  /// Memory owned, in bytes, without what was worked out for events that name no token.
  public var memoryBytes: Int {
    rows.memoryBytes + renderings.memoryBytes + tokens.memoryBytes
      + keys.memoryBytes + byKey.memoryBytes
  }

  // MARK: By token

  /// What is known about a token that an event at `time` (microseconds since 1970, or
  /// `Record.noTime`) names, made with the key of the id `key`.
  public func find(
    token: ByteView, key: ByteView, at time: Int64, _ selector: PolicySelector
  ) -> Answer {
    guard let found = tokens.find(token) else { return Answer(.none, .tokenUnknown) }
    guard found < 0 else {
      guard keys[Int(rows[Int(found)].key)].elementsEqual(key) else {
        return Answer(.none, .tokenOfOtherKey)
      }
      return answer(row: found, .token, at: time, selector)
    }
    guard let key = keys.find(key), let group = sharing.group(of: key, token: Int(-1 - found))
    else { return Answer(.none, .tokenOfOtherKey) }
    return answer(group: group, at: time, selector)
  }

  /// Several rows about one token: one if they come to the same, else nothing can be said.
  private func answer(group: Int, at time: Int64, _ selector: PolicySelector) -> Answer {
    let rows = sharing.rows(ofGroup: group)
    let first = Int32(rows[0])
    if rows.count == 1 { return answer(row: first, .token, at: time, selector) }
    let timeline = timelines.find(keys.count + group, selector) {
      ClaimTimeline(self, rows, selector, .always)
    }
    var answer = timeline.pointee.answer(at: 0, self, selector)
    guard answer.match == .agreed else { return answer }
    answer.match = .token
    answer.flags &= ~AttributionFlags.skew.rawValue
    answer.row = first
    if time != Record.noTime {
      answer.flags |= ClaimStore.flags(of: self.rows[Int(first)], at: time, skew: skew)
    }
    return answer
  }

  func answer(
    row index: Int32, _ match: ClaimMatch, at time: Int64, _ selector: PolicySelector
  ) -> Answer {
    let row = rows[Int(index)]
    let rendering = ClaimRendering(renderings[Int(row.rendering)])
    let shown = rendering.shown(selector)
    var answer = Answer(match)
    answer.flags = shown.flags
    if time != Record.noTime { answer.flags |= ClaimStore.flags(of: row, at: time, skew: skew) }
    answer.policy = shown.policy
    answer.candidate = shown.candidate
    answer.display = shown.text
    answer.claims = rendering.claims
    answer.row = row.token == ClaimStore.noToken ? -1 : index
    return answer
  }

  /// What to note about an event at `time` made with a token, both in microseconds: nothing within
  /// [issued at, expires at), `skew` if the tolerance makes up for it, else `tokenTimeOutside`.
  private static func flags(of row: Row, at time: Int64, skew: Int64) -> UInt32 {
    if time >= row.issuedAt && time < row.expiresAt { return 0 }
    let isNear =
      time >= row.issuedAt.saturating(minus: skew) && time < row.expiresAt.saturating(plus: skew)
    return (isNear ? AttributionFlags.skew : .tokenTimeOutside).rawValue
  }

  // MARK: By key alone

  /// What can be said about an event at `time` that names no token, made with the key of the id `key`:
  /// `sole`, `agreed`, `ambiguous` or `none`.
  public func infer(key: ByteView, at time: Int64, _ selector: PolicySelector) -> Answer {
    guard time != Record.noTime, let key = keys.find(key) else { return Answer(.none) }
    let timeline = timelines.find(key, selector) {
      ClaimTimeline(self, byKey.rows(of: key), selector, .whenValid(skew: skew))
    }
    return timeline.pointee.answer(at: time, self, selector)
  }

  // MARK: Writing

  /// Appends the token of an answer as a JSON object; nothing if it is not known which it was.
  public func appendToken(_ answer: Answer, to buffer: inout ByteBuffer) {
    guard answer.row >= 0 else { return }
    let row = rows[Int(answer.row)]
    buffer.append("{\"id\":")
    JSONString.append(quoting: tokens.key(Int(row.token)), to: &buffer)
    if row.issuedAt != .min { ClaimStore.append(",\"issued_at\":", row.issuedAt, to: &buffer) }
    if row.expiresAt != .max { ClaimStore.append(",\"expires_at\":", row.expiresAt, to: &buffer) }
    buffer.append(UInt8(ascii: "}"))
  }

  private static func append(
    _ key: StaticString, _ microseconds: Int64, to buffer: inout ByteBuffer
  ) {
    buffer.append(key)
    buffer.append(decimal: Int(Timestamp(microseconds: microseconds)?.seconds ?? 0))
  }

  // MARK: Telling

  /// A token of a key, and how its time stands to that of an event.
  public struct Candidate: Sendable {
    /// Its id; nil if the store has none for it.
    public let token: String?
    /// When it was issued, in microseconds since 1970; nil if it is not known.
    public let issuedAt: Int64?
    /// When it expires, in microseconds since 1970; nil if it is not known.
    public let expiresAt: Int64?
    /// `valid`, `within the tolerance`, `not issued yet` or `expired`.
    public let standing: String
    /// What it would show, as a JSON string; nil if no claim is there to show.
    public let shown: String?
  }

  /// Tokens that are told of: 20.
  public static let mostCandidates = 20

  /// The tokens of a key, those nearest to `time` first, at most `mostCandidates`; and how many there
  /// are.
  public func candidates(
    key: ByteView, at time: Int64, _ selector: PolicySelector
  ) -> (nearest: [Candidate], count: Int) {
    guard let key = keys.find(key) else { return ([], 0) }
    let numbers = byKey.rows(of: key)
    let nearest = numbers.sorted { left, right in
      let (a, b) = (distance(left, time), distance(right, time))
      return a != b ? a < b : isBefore(rows[Int(left)], rows[Int(right)])
    }
    let told = nearest.prefix(ClaimStore.mostCandidates).map { candidate($0, time, selector) }
    return (told, numbers.count)
  }

  private func distance(_ number: UInt32, _ time: Int64) -> UInt64 {
    let row = rows[Int(number)]
    if time < row.issuedAt { return row.issuedAt.saturating(minus: time).magnitude }
    return time < row.expiresAt ? 0 : time.saturating(minus: row.expiresAt).magnitude + 1
  }

  private func isBefore(_ left: Row, _ right: Row) -> Bool {
    if (left.issuedAt, left.expiresAt) != (right.issuedAt, right.expiresAt) {
      return (left.issuedAt, left.expiresAt) < (right.issuedAt, right.expiresAt)
    }
    return id(left) ?? "" < id(right) ?? ""
  }

  private func id(_ row: Row) -> String? {
    row.token == ClaimStore.noToken
      ? nil : String(decoding: tokens.key(Int(row.token)), as: UTF8.self)
  }

  private func candidate(
    _ number: UInt32, _ time: Int64, _ selector: PolicySelector
  ) -> Candidate {
    let row = rows[Int(number)]
    let shown = ClaimRendering(renderings[Int(row.rendering)]).shown(selector)
    let standing =
      switch ClaimStore.flags(of: row, at: time, skew: skew) {
      case 0: "valid"
      case AttributionFlags.skew.rawValue: "within the tolerance"
      default: time < row.issuedAt ? "not issued yet" : "expired"
      }
    return Candidate(
      token: id(row), issuedAt: row.issuedAt == .min ? nil : row.issuedAt,
      expiresAt: row.expiresAt == .max ? nil : row.expiresAt, standing: standing,
      shown: shown.text.isEmpty ? nil : String(decoding: shown.text, as: UTF8.self))
  }
}

/// How claims came to an event; the order is that of precedence.
public enum ClaimMatch: Int, CaseIterable, Sendable, BitwiseCopyable {
  /// They are in the event.
  case embedded
  /// By the token's id, of that key.
  case token
  /// The event names no token, and exactly one of the key's was valid.
  case sole
  /// Several were, and all come to the same.
  case agreed
  /// They differ: no claim is used.
  case ambiguous
  /// There are none.
  case none
  /// The actor is no API key.
  case notApplicable

  /// What the archive says.
  public var name: String { self == .notApplicable ? "not_applicable" : "\(self)" }
}

extension Int64 {
  /// The sum, or the nearest number that there is.
  func saturating(plus other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, or the nearest number that there is.
  func saturating(minus other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }
}
