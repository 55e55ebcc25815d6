public import Bytes

// For `trailmill explain`: the tokens among which the store had to choose.

extension ClaimStore {
  /// A token of a key, and how its time stands to that of an event.
  public struct Candidate: Sendable {
    /// Its id; nil if the store has none for it.
    public let token: String?
    /// When it was issued, in microseconds since 1970; nil if it is not known.
    public let issuedAt: Int64?
    /// When it expires, in microseconds since 1970; nil if it is not known.
    public let expiresAt: Int64?
    /// When what it was exchanged for ends, in microseconds since 1970; nil if that is when it expires.
    public let sessionEnd: Int64?
    /// `valid`, `within the tolerance`, `not issued yet` or `expired`.
    public let standing: String
    /// What it would show, or who is at the root of its chain, as a JSON string; nil if no claim is there to
    /// show.
    public let shown: String?
    /// The pointer at which the event contradicts what the store says else of the token; nil if it does not.
    public let contradiction: String?
  }

  /// Tokens that are told of: 20.
  public static let mostCandidates = 20

  /// The tokens of a key, those nearest to `time` first, at most `mostCandidates`; and how many there
  /// are. `contradiction` says at which pointer the event contradicts a condition, by its number.
  public func candidates(
    key: ByteView, at time: Int64, _ selector: PolicySelector,
    contradiction: (Int) -> String?
  ) -> (nearest: [Candidate], count: Int) {
    guard let key = keys.find(key) else { return ([], 0) }
    let numbers = byKey.rows(of: key)
    let nearest = numbers.sorted { left, right in
      let (a, b) = (distance(left, time, selector), distance(right, time, selector))
      return a != b ? a < b : isBefore(table.rows[Int(left)], table.rows[Int(right)])
    }
    let told = Array(nearest.prefix(ClaimStore.mostCandidates))
    let roots = told.withUnsafeBufferPointer { ChainRoots($0, self, selector) }
    let candidates = told.enumerated().map { place, number in
      candidate(
        number, time, selector, table.condition(of: Int(number)).flatMap(contradiction),
        roots?.root(of: place))
    }
    return (candidates, numbers.count)
  }

  func shown(_ number: UInt32, _ selector: PolicySelector) -> ClaimRendering.Shown {
    ClaimRendering(table.renderings[Int(table.rows[Int(number)].rendering)]).shown(selector)
  }

  private func distance(
    _ number: UInt32, _ time: Int64, _ selector: PolicySelector
  ) -> UInt64 {
    let issuedAt = table.rows[Int(number)].issuedAt
    let end = table.end(of: Int(number), policy: shown(number, selector).policy)
    if time < issuedAt { return issuedAt.saturating(minus: time).magnitude }
    return time < end ? 0 : time.saturating(minus: end).magnitude + 1
  }

  private func isBefore(_ left: ClaimRow, _ right: ClaimRow) -> Bool {
    if (left.issuedAt, left.expiresAt) != (right.issuedAt, right.expiresAt) {
      return (left.issuedAt, left.expiresAt) < (right.issuedAt, right.expiresAt)
    }
    return id(left) ?? "" < id(right) ?? ""
  }

  private func id(_ row: ClaimRow) -> String? {
    row.token == ClaimRow.noToken
      ? nil : String(decoding: table.tokens.key(Int(row.token)), as: UTF8.self)
  }

  private func candidate(
    _ number: UInt32, _ time: Int64, _ selector: PolicySelector, _ contradiction: String?,
    _ root: ChainRoots.Root?
  ) -> Candidate {
    let row = table.rows[Int(number)]
    let shown = shown(number, selector)
    let end = table.end(of: Int(number), policy: shown.policy)
    let standing =
      switch AttributionFlags.ofTime(time, from: row.issuedAt, to: end, skew: table.skew) {
      case []: "valid"
      case .skew: "within the tolerance"
      default: time < row.issuedAt ? "not issued yet" : "expired"
      }
    let text = root?.display ?? shown.text
    return Candidate(
      token: id(row), issuedAt: row.issuedAt == .min ? nil : row.issuedAt,
      expiresAt: row.expiresAt == .max ? nil : row.expiresAt,
      sessionEnd: end == row.expiresAt || end == .max ? nil : end, standing: standing,
      shown: text.isEmpty ? nil : String(decoding: text, as: UTF8.self),
      contradiction: contradiction)
  }
}
