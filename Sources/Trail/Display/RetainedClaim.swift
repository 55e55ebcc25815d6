public import Crypto
internal import JSONText

/// A claim to keep.
public struct RetainedClaim: Sendable, ExpressibleByStringLiteral {
  /// Which claim.
  public var claim: ClaimName
  /// What it is called where it is kept.
  public var target: String
  /// What makes a pseudonym of its value; nil to keep it as it is.
  public var pseudonym: HMACKey?

  /// A claim to keep, under its own name unless there is a `target`.
  public init(_ claim: ClaimName, to target: String? = nil, pseudonym: HMACKey? = nil) {
    self.claim = claim
    self.target = target ?? claim.text
    self.pseudonym = pseudonym
  }

  /// A claim to keep, by its name.
  public init(_ name: String, to target: String? = nil, pseudonym: HMACKey? = nil) {
    self.init(ClaimName(name), to: target, pseudonym: pseudonym)
  }

  /// A claim to keep as it is.
  public init(stringLiteral name: String) { self.init(name) }
}

/// A claim to keep, with its places.
struct BoundRetained: Sendable {
  let claim: BoundClaim
  let target: String
  let pseudonym: HMACKey?

  /// Claims to keep, each once. Throws where two different ones would be kept under one name: who reads the
  /// archive could not tell which of them it is.
  static func all(
    _ retain: [RetainedClaim], _ table: inout PointerTable
  ) throws(PolicyError) -> [BoundRetained] {
    var all: [BoundRetained] = []
    for entry in retain {
      let claim = try BoundClaim(entry.claim, &table)
      // Byte by byte, as claims are looked up: `String` takes é and e with an accent for equal.
      if let other = all.first(where: { $0.target.utf8.elementsEqual(entry.target.utf8) }) {
        let isSame =
          other.claim.isSame(as: claim) && other.pseudonym == nil && entry.pseudonym == nil
        guard !isSame else { continue }
        throw PolicyError(
          description:
            "two claims would be kept as \(entry.target.debugDescription): call one of them"
            + " something else with \"to\"")
      }
      all.append(BoundRetained(claim: claim, target: entry.target, pseudonym: entry.pseudonym))
    }
    return all
  }
}
