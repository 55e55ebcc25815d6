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
//   runs     id of a run ─► its rows, for events that name one
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

  /// Most rows: 500 million.
  public static let mostRows = 500_000_000

  /// Refuses the row on `line` if there were as many before as there may be.
  static func refuseTooMany(after count: Int, line: Int) throws(LookupError) {
    guard count < mostRows else {
      throw LookupError(line: line, reason: "more than \(mostRows) rows (max_claim_rows)")
    }
  }

  /// Number of rows.
  public var count: Int { table.rows.count }
  let table: ClaimRows
  let keys: ByteKeys
  let byKey: RowsByKey
  /// What else has to fit, where rows say so.
  public let conditions: TokenConditions?
  /// Who asked for the tokens, where rows say it.
  let links: TokenLinks
  /// True if rows say who asked for a token, or who acts with it.
  public let hasChains: Bool
  /// True if tokens are compared by who is at the root of their chains.
  let followsChains: Bool
  let sharing: SharedTokens
  let runs: RunTokens
  /// True if rows say which run they are about.
  public let hasRuns: Bool
  let timelines: TimelineLists
  /// True if ids of tokens were tokens themselves: they are known by what is left without the signature.
  private let hasCutIDs: Bool

  init(
    rows: consuming FlatArray<ClaimRow>, renderings: consuming ByteKeys,
    tokens: consuming ByteTable<Int32>, keys: consuming ByteKeys,
    sharing: consuming SharedTokens, evidence: consuming TokenEvidence,
    conditions: TokenConditions?, links: TokenLinks, runs: RunTokens,
    policies: DisplayPolicies, terms: ClaimTerms, hasCutIDs: Bool
  ) {
    hasRuns = !runs.isEmpty
    self.hasCutIDs = hasCutIDs
    self.conditions = conditions
    self.links = links
    hasChains = !links.isEmpty
    followsChains = terms.followsChains && !links.isEmpty
    byKey = RowsByKey(rows, keys: keys.count)
    timelines = TimelineLists(count: keys.count + sharing.groups + runs.groups)
    table = ClaimRows(rows, renderings, tokens, evidence, policies, terms)
    self.keys = keys
    self.sharing = sharing
    self.runs = runs
  }

  /// Memory owned, in bytes, without what was worked out for events that name no token.
  public var memoryBytes: Int {
    table.memoryBytes + keys.memoryBytes + byKey.memoryBytes + links.memoryBytes
      + runs.memoryBytes
  }

  // MARK: By token

  /// What is known about a token that an event at `time` (microseconds since 1970, or
  /// `Record.noTime`) names, made with the key of the id `key`.
  public func find(
    token: ByteView, key: ByteView, at time: Int64, _ selector: PolicySelector
  ) -> ClaimAnswer {
    guard let found = table.tokens.find(token) ?? (hasCutIDs ? findCut(token) : nil) else {
      return ClaimAnswer(.none, .tokenUnknown)
    }
    guard found < 0 else {
      guard keys[Int(table.rows[Int(found)].key)].elementsEqual(key) else {
        return ClaimAnswer(.none, .tokenOfOtherKey)
      }
      return table.answer(row: found, .token, at: time, selector)
    }
    guard let key = keys.find(key), let group = sharing.group(of: key, token: Int(-1 - found))
    else { return ClaimAnswer(.none, .tokenOfOtherKey) }
    return answer(group: group, at: time, selector)
  }

  /// The row or the group of an id that is a token itself, or was one before it was cut.
  private func findCut(_ token: ByteView) -> Int32? {
    var finder = TokenText()
    switch TokenName(of: token, &finder) {
    case .plain, .nothing: return nil
    case .digest(let digest): return digest.withUnsafeBufferPointer { table.tokens.find($0) }
    case .cut(let rest):
      return rest.withUnsafeBufferPointer { rest in
        table.tokens.find(rest)
          ?? TokenDigest.text(of: rest).withUnsafeBufferPointer { table.tokens.find($0) }
      }
    }
  }

  /// Several rows about one token: one if they come to the same, else nothing can be said.
  private func answer(group: Int, at time: Int64, _ selector: PolicySelector) -> ClaimAnswer {
    let rows = sharing.rows(ofGroup: group)
    let first = Int32(rows[0])
    if rows.count == 1 { return table.answer(row: first, .token, at: time, selector) }
    let timeline = timelines.find(keys.count + group, selector) {
      ClaimTimeline(table, rows, selector, .always)
    }
    var answer = timeline.pointee.answer(at: 0, table, selector)
    guard answer.match == .agreed else { return answer }
    answer.match = .token
    answer.flags &= ~AttributionFlags.skew.rawValue
    answer.row = first
    answer.isSplit = rows.contains {
      links.number(ofRow: Int($0)) != links.number(ofRow: Int(first))
    }
    answer.holder = answer.isSplit ? -1 : first
    answer.flags |= table.flags(of: Int(first), answer.policy, at: time)
    return answer
  }

  // MARK: By key alone

  /// What can be said about an event at `time` that names no token, made with the key of the id `key`:
  /// `sole`, `agreed`, `ambiguous` or `none`.
  public func infer(key: ByteView, at time: Int64, _ selector: PolicySelector) -> ClaimAnswer {
    guard time != Record.noTime, let key = keys.find(key) else { return ClaimAnswer(.none) }
    return timeline(ofKey: key, selector).pointee.answer(at: time, table, selector)
  }

  /// What the tokens of key `key` come to by time.
  func timeline(
    ofKey key: Int, _ selector: PolicySelector
  ) -> UnsafePointer<ClaimTimeline> {
    let rows = byKey.rows(of: key)
    guard followsChains else {
      return timelines.find(key, selector) {
        ClaimTimeline(table, rows, selector, .whenValid(skew: table.skew))
      }
    }
    if let known = timelines.known(key, selector) { return known }
    // Before the timeline is made, for chains lead through timelines of others.
    let roots = ChainRoots(rows, self, selector)
    return timelines.find(key, selector) {
      ClaimTimeline(table, rows, selector, .whenValid(skew: table.skew), roots)
    }
  }

  // MARK: Writing

  /// Appends the token of an answer as a JSON object; nothing if it is not known which it was.
  public func appendToken(_ answer: ClaimAnswer, to buffer: inout ByteBuffer) {
    guard answer.row >= 0 else { return }
    let row = table.rows[Int(answer.row)]
    buffer.append("{\"id\":")
    JSONString.append(quoting: table.tokens.key(Int(row.token)), to: &buffer)
    appendTimes(of: row, to: &buffer)
    buffer.append(UInt8(ascii: "}"))
  }

  /// Appends when a token was issued and expires, as far as that is known, as members of an object.
  func appendTimes(of row: ClaimRow, to buffer: inout ByteBuffer) {
    if row.issuedAt != .min { ClaimStore.append(",\"issued_at\":", row.issuedAt, to: &buffer) }
    if row.expiresAt != .max { ClaimStore.append(",\"expires_at\":", row.expiresAt, to: &buffer) }
  }

  private static func append(
    _ key: StaticString, _ microseconds: Int64, to buffer: inout ByteBuffer
  ) {
    buffer.append(key)
    buffer.append(decimal: Int(Timestamp(microseconds: microseconds)?.seconds ?? 0))
  }
}
