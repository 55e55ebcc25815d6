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
      return a != b ? a < b : isBefore(table.rows[Int(left)], table.rows[Int(right)])
    }
    let told = nearest.prefix(ClaimStore.mostCandidates).map { candidate($0, time, selector) }
    return (told, numbers.count)
  }

  private func distance(_ number: UInt32, _ time: Int64) -> UInt64 {
    let row = table.rows[Int(number)]
    if time < row.issuedAt { return row.issuedAt.saturating(minus: time).magnitude }
    return time < row.expiresAt ? 0 : time.saturating(minus: row.expiresAt).magnitude + 1
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
    _ number: UInt32, _ time: Int64, _ selector: PolicySelector
  ) -> Candidate {
    let row = table.rows[Int(number)]
    let shown = ClaimRendering(table.renderings[Int(row.rendering)]).shown(selector)
    let standing =
      switch table.flags(of: row, at: time) {
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
