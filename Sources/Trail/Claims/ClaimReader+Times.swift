internal import Bytes
internal import Engine
internal import JSONText

// When the claims that were read last hold.

extension ClaimReader {
  /// When the token was issued, in microseconds since 1970; nil if that is not said. `line` is for messages.
  func issuedAt(line: Int) throws(LookupError) -> Int64? {
    try time(policies.issuedAt, isEnd: false, line, "\"iat\" of \"claims\"")
  }

  /// When the token expires, in microseconds since 1970; nil if that is not said, `Int64.max` for never.
  func expiresAt(line: Int) throws(LookupError) -> Int64? {
    try time(policies.expiresAt, isEnd: true, line, "\"exp\" of \"claims\"")
  }

  /// What to note about an event at `time`, in microseconds since 1970 (`Record.noTime` if it has none), that
  /// holds the last claims, shown by `policy` (-1 is none): `skew`, `tokenTimeOutside`, or nothing. Claims
  /// without times hold always; those of which a time cannot be read never do; where the event has no time,
  /// others do unless a time is required.
  public func flags(
    at time: Int64, skew: Int64, policy: Int, requiresTime: Bool
  ) -> AttributionFlags {
    do {
      let start = try issuedAt(line: 0) ?? .min
      let session = policies.inference(ofPolicy: policy).session ?? 0
      let end = (try expiresAt(line: 0) ?? .max).saturating(plus: session)
      guard time != Record.noTime else {
        return requiresTime ? AttributionFlags.ofNoTime(from: start, to: end) : []
      }
      return AttributionFlags.ofTime(time, from: start, to: end, skew: skew)
    } catch {
      return .tokenTimeOutside
    }
  }

  private func time(
    _ claim: BoundClaim, isEnd: Bool, _ line: Int, _ name: String
  ) throws(LookupError) -> Int64? {
    let field = place(of: claim)
    guard field.kind != .missing, field.kind != .null else { return nil }
    return try RowReader.bound(field, of: self.claims, line: line, name)
      .ofToken(isEnd: isEnd, line: line, name)
  }
}
