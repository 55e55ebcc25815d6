internal import Bytes
internal import JSONText

/// Which of the claims that policies name were there, and what others are called: so that a misspelt name can
/// be told.
public struct SeenClaims: Sendable {
  /// Objects of claims of which names are noted: 20.
  private static let mostNoted = 20
  /// Names that are noted at most: 256.
  private static let mostNames = 256

  /// How many objects of claims were read.
  public private(set) var objects = 0
  /// How many tokens of a claim store have no claims.
  private var tokensWithout = 0
  /// By the number of the claim in `DisplayPolicies.named`.
  private var isSeen: [Bool]
  /// Names of members of the first objects.
  private var names: Set<[UInt8]> = []

  /// None of the claims that `policies` name was seen.
  public init(_ policies: DisplayPolicies) {
    isSeen = Array(repeating: false, count: policies.named.count)
  }

  /// Takes note of an object of claims, in which `isThere` finds the claim with a number.
  mutating func take(_ claims: ByteView, _ scanner: Scanner, isThere: (Int) -> Bool) {
    objects += 1
    for number in isSeen.indices where !isSeen[number] { isSeen[number] = isThere(number) }
    guard objects <= SeenClaims.mostNoted, isSeen.contains(false) else { return }
    _ = scanner.collect(claims) { match in
      guard names.count < SeenClaims.mostNames else { return }
      if let name = MemberName.text(before: Int(match.field.start), in: claims) {
        names.insert(name)
      }
    }
  }

  /// Takes note of a token without claims.
  mutating func takeNone() { tokensWithout += 1 }

  /// True if claims could have been there: if there were objects of claims, or tokens without.
  public var isAny: Bool { objects > 0 || tokensWithout > 0 }

  /// Takes in what another reader of the same policies saw.
  public mutating func add(_ other: SeenClaims) {
    objects += other.objects
    tokensWithout += other.tokensWithout
    for number in isSeen.indices where other.isSeen[number] { isSeen[number] = true }
    if names.count < SeenClaims.mostNames { names.formUnion(other.names) }
  }

  /// The claims that were in no object, in the order in which policies name them.
  public func missing(_ policies: DisplayPolicies) -> [String] {
    isSeen.indices.filter { !isSeen[$0] }.map { policies.named[$0].name }
  }

  /// Names of claims that were there, by their bytes.
  public var others: [String] {
    names.sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
  }
}
