/// How a claim store is asked.
struct ClaimTerms: Sendable {
  /// By how many microseconds the clocks of an event and of an issuer may differ.
  let skew: Int64
  /// True if who asked for a token matters: then tokens are compared by who is at the root of their chains.
  let followsChains: Bool
  /// True if a token has to hold at a time that is known: what was done at no usable time was done outside of
  /// the time of every token that has one.
  let requiresTime: Bool
}
