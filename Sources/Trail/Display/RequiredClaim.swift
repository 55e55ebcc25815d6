public import Bytes
public import JSONText

/// What a claim has to be.
///
/// What is compared is of one kind: the text "true" is not true, and 1 is not "1". A claim that is missing
/// (null, "", objects and arrays are) is nothing that was required.
public struct RequiredClaim: Sendable {
  /// A value that it may have.
  public enum Value: Sendable {
    /// A string that a glob matches.
    case text(Glob)
    /// A number of this value, however it is written.
    case number([UInt8])
    /// `true` or `false`.
    case bool(Bool)
  }

  /// Which claim.
  public var claim: ClaimName
  /// It has to have one of these; no claim has one of none.
  public var values: [Value]

  /// What a claim has to be.
  public init(_ claim: ClaimName, values: [Value]) {
    self.claim = claim
    self.values = values
  }
}

extension RequiredClaim.Value {
  /// Whether the value at `field` in `json` is so. `scratch` loses what it held.
  public func holds(_ field: Field, in json: ByteView, scratch: inout ByteBuffer) -> Bool {
    switch (self, field.kind) {
    case (.text(let glob), .string):
      guard field.count > 2, let text = field.text(in: json, scratch: &scratch) else {
        return false
      }
      return glob.matches(text)
    case (.number(let number), .number):
      let text = ByteView(rebasing: json[Int(field.start)..<field.span.end])
      return number.withUnsafeBufferPointer { JSONNumbers.compare(text, $0) == 0 }
    case (.bool(let value), .true): return value
    case (.bool(let value), .false): return !value
    default: return false
    }
  }
}

/// Claims that are required, with their places; all have to be as they should. Nobody has none of none.
struct BoundRequirements: Sendable {
  let claims: [(claim: BoundClaim, values: [RequiredClaim.Value])]

  init?(_ required: [RequiredClaim]?, _ table: inout PointerTable) throws(PolicyError) {
    guard let required else { return nil }
    var claims: [(claim: BoundClaim, values: [RequiredClaim.Value])] = []
    for entry in required { claims.append((try BoundClaim(entry.claim, &table), entry.values)) }
    self.claims = claims
  }
}

/// Issuers that are trusted, if their claims are what is required.
struct BoundTrust: Sendable {
  let issuers: [IssuerPattern]
  let required: BoundRequirements?

  init(_ trusted: TrustedIssuers, _ table: inout PointerTable) throws(PolicyError) {
    var issuers: [IssuerPattern] = []
    for issuer in trusted.issuers { issuers.append(try IssuerPattern(issuer)) }
    self.issuers = issuers
    required = try BoundRequirements(trusted.required, &table)
  }

  static func all(
    _ trusted: [TrustedIssuers]?, _ table: inout PointerTable
  ) throws(PolicyError) -> [BoundTrust]? {
    guard let trusted else { return nil }
    var bound: [BoundTrust] = []
    for entry in trusted { bound.append(try BoundTrust(entry, &table)) }
    return bound
  }
}
