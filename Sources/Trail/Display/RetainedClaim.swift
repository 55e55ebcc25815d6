public import Crypto

/// A claim to keep.
public struct RetainedClaim: Sendable, ExpressibleByStringLiteral {
  /// Which claim.
  public var claim: ClaimName
  /// What makes a pseudonym of its value; nil to keep it as it is.
  public var pseudonym: HMACKey?

  /// A claim to keep.
  public init(_ claim: ClaimName, pseudonym: HMACKey? = nil) {
    self.claim = claim
    self.pseudonym = pseudonym
  }

  /// A claim to keep, by its name.
  public init(_ name: String, pseudonym: HMACKey? = nil) {
    self.init(ClaimName(name), pseudonym: pseudonym)
  }

  /// A claim to keep as it is.
  public init(stringLiteral name: String) { self.init(name) }
}
