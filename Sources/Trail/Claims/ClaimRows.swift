internal import Bytes
internal import Engine
internal import JSONText

/// A token of a claim store.
struct ClaimRow: BitwiseCopyable {
  /// The number of the id of a token that has none.
  static let noToken = UInt32.max

  var key: UInt32
  var rendering: UInt32
  /// The number of its id; `noToken` if it has none.
  var token: UInt32
  /// While loading the row before with the same token id, or -1.
  var previous: Int32 = -1
  /// True for a row that does not count by its key and time alone: one that says once more what another says
  /// about the token, or one whose token's sessions have rows of their own.
  var isLeftOut: Bool {
    get { previous == -2 }
    set { if newValue { previous = -2 } }
  }
  var issuedAt = Int64.min
  var expiresAt = Int64.max
}

/// The tokens of a claim store, and what their claims come to. Does not change for those who look.
final class ClaimRows: @unchecked Sendable {
  // Sendable because nothing is written after `init`.

  let rows: FlatArray<ClaimRow>
  let renderings: ByteKeys
  let tokens: ByteTable<Int32>
  let terms: ClaimTerms
  /// Names of the claims to keep, as JSON strings.
  let retainedNames: [[UInt8]]
  let policyOfCandidate: [Int]
  let evidence: TokenEvidence
  /// What is inferred of tokens that no policy shows, and behind that of those of each policy.
  let inferences: [Inference]

  init(
    _ rows: consuming FlatArray<ClaimRow>, _ renderings: consuming ByteKeys,
    _ tokens: consuming ByteTable<Int32>, _ evidence: consuming TokenEvidence,
    _ policies: DisplayPolicies, _ terms: ClaimTerms
  ) {
    self.rows = rows
    self.evidence = evidence
    inferences = [policies.inference] + policies.policies.map(\.inference)
    self.renderings = renderings
    self.tokens = tokens
    self.terms = terms
    policyOfCandidate = policies.candidates.map(\.policy)
    retainedNames = policies.retained.map { retained in
      var name = ByteBuffer()
      JSONString.append(quoting: retained.target, to: &name)
      return name.bytes
    }
  }

  /// By how many microseconds the clocks of an event and of an issuer may differ.
  var skew: Int64 { terms.skew }

  var memoryBytes: Int {
    rows.memoryBytes + renderings.memoryBytes + tokens.memoryBytes + evidence.memoryBytes
  }

  // MARK: Times

  /// What is inferred of tokens that policy `number` shows; -1 is none of them.
  func inference(ofPolicy number: Int) -> Inference { inferences[number + 1] }

  /// When what a token was exchanged for ends at the latest, in microseconds since 1970, if policy `number`
  /// shows it: `Int64.max` for never, and `unknown` where nobody says how long sessions are.
  func end(of row: Int, policy number: Int, unknown: Int64? = nil) -> Int64 {
    if !evidence.isEmpty {
      let end = evidence.sessionEnd(of: row)
      if end != TokenEvidence.unknownEnd { return end }
    }
    let expiresAt = rows[row].expiresAt
    let inference = inference(ofPolicy: number)
    guard let session = inference.session else { return unknown ?? expiresAt }
    return expiresAt.saturating(plus: session)
  }

  /// The number of the condition that a row has; nil if it has none.
  func condition(of row: Int) -> Int? {
    guard !evidence.isEmpty else { return nil }
    let condition = evidence.condition(of: row)
    return condition == TokenEvidence.unconditional ? nil : Int(condition)
  }

  // MARK: Answers

  /// What an event at `time` gets where it is made with the token of a row.
  func answer(
    row index: Int32, _ match: ClaimMatch, at time: Int64, _ selector: PolicySelector
  ) -> ClaimAnswer {
    var answer = answer(row: index, match, selector)
    answer.flags |= flags(of: Int(index), answer.policy, at: time)
    return answer
  }

  /// What an event gets, whenever it was, where it is made with the token of a row.
  func answer(row index: Int32, _ match: ClaimMatch, _ selector: PolicySelector) -> ClaimAnswer {
    let row = rows[Int(index)]
    let rendering = ClaimRendering(renderings[Int(row.rendering)])
    let shown = rendering.shown(selector)
    var answer = ClaimAnswer(match)
    answer.flags = shown.flags
    answer.policy = shown.policy
    answer.candidate = shown.candidate
    answer.display = shown.text
    answer.claims = rendering.claims
    answer.row = row.token == ClaimRow.noToken ? -1 : index
    answer.holder = index
    return answer
  }

  /// What to note about an event at `time` made with the token of a row that a policy shows: nothing within
  /// [issued at, end of its session), `skew` if the tolerance makes up for it, else `tokenTimeOutside`. An
  /// event without a usable time (`Record.noTime`) is outside only where a time that is known is required.
  func flags(of row: Int, _ policy: Int, at time: Int64) -> UInt32 {
    if time == Record.noTime, !terms.requiresTime { return 0 }
    let (start, end) = (rows[row].issuedAt, end(of: row, policy: policy))
    let flags: AttributionFlags =
      time == Record.noTime
      ? AttributionFlags.ofNoTime(from: start, to: end)
      : AttributionFlags.ofTime(time, from: start, to: end, skew: skew)
    return flags.rawValue
  }
}

extension AttributionFlags {
  /// What to note about an event at `time` made with a token that holds [start, end), all in microseconds:
  /// nothing, `skew` if the tolerance makes up for it, else `tokenTimeOutside`.
  static func ofTime(
    _ time: Int64, from start: Int64, to end: Int64, skew: Int64
  ) -> AttributionFlags {
    if time >= start && time < end { return [] }
    let isNear = time >= start.saturating(minus: skew) && time < end.saturating(plus: skew)
    return isNear ? .skew : .tokenTimeOutside
  }

  /// What to note about an event without a usable time where a time is required: only a token without a
  /// beginning and an end holds always.
  static func ofNoTime(from start: Int64, to end: Int64) -> AttributionFlags {
    start == .min && end == .max ? [] : .tokenTimeOutside
  }
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
