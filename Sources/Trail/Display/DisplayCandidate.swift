internal import Bytes
public import Crypto
internal import JSONText

/// Something that can be shown as the actor, as a definition writes it.
public struct DisplayCandidate: Sendable, ExpressibleByStringLiteral {
  /// The name of a claim, or a template with braces: `{repository}@{ref}`, `{email|before:@|lower}`.
  public var text: String
  /// True if `text` is a pointer to a claim, and nothing else.
  public var isPointer = false
  /// The claim that is taken apart first, and the pattern for that; the template can then name the
  /// pattern's parts.
  public var taken: (claim: ClaimName, pattern: String)?
  /// What makes a pseudonym of it; nil to show it as it is.
  public var pseudonym: HMACKey?

  /// A claim or template.
  public init(
    _ text: String, taking taken: (claim: ClaimName, pattern: String)? = nil,
    pseudonym: HMACKey? = nil
  ) {
    self.text = text
    self.taken = taken
    self.pseudonym = pseudonym
  }

  /// A pseudonym of a claim, or of what a template comes to.
  public init(of claim: ClaimName, pseudonym: HMACKey?) {
    self.init(claim.text, pseudonym: pseudonym)
    isPointer = claim.isPointer
  }

  /// What a pointer leads to in the claims.
  public init(pointer: String) {
    text = pointer
    isPointer = true
  }

  /// A claim or template.
  public init(stringLiteral text: String) { self.init(text) }
}

/// A candidate with its claims' slots.
struct BoundCandidate: Sendable {
  enum Part: Sendable {
    case text([UInt8])
    case claim(BoundClaim, [ValueFilter])
    /// A part of the pattern, by its number.
    case part(Int, [ValueFilter])
  }

  /// The number of the policy that it belongs to.
  let policy: Int
  /// What `from` says: `claim:NAME` or `template:TEXT`.
  let origin: String
  let taken: (claim: BoundClaim, pattern: ValuePattern)?
  let pseudonym: HMACKey?
  let parts: [Part]

  init(
    _ candidate: DisplayCandidate, policy: Int, _ table: inout PointerTable
  ) throws(PolicyError) {
    let text = candidate.text
    guard !text.isEmpty else {
      throw PolicyError(description: "a candidate to show is empty: name a claim")
    }
    self.policy = policy
    pseudonym = candidate.pseudonym
    var pattern: ValuePattern?
    if let (claim, written) = candidate.taken {
      let parsed = try ValuePattern(parsing: written)
      taken = (try BoundClaim(claim, &table), parsed)
      pattern = parsed
    } else {
      taken = nil
    }
    let hasBraces = text.utf8.contains { $0 == 0x7B || $0 == 0x7D }
    guard !candidate.isPointer, pattern != nil || hasBraces else {
      origin = "claim:\(text)"
      let name = candidate.isPointer ? ClaimName(pointer: text) : ClaimName(text)
      parts = [.claim(try BoundClaim(name, &table), [])]
      return
    }
    origin = "template:\(text)"
    var parts: [Part] = []
    for piece in try TemplateText.pieces(text) {
      switch piece {
      case .text(let bytes): parts.append(.text(bytes))
      case .braces(let inner): parts.append(try BoundCandidate.part(inner, pattern, &table))
      }
    }
    self.parts = parts
  }

  /// The claims that it is made of.
  var claims: [BoundClaim] {
    let shown = parts.compactMap { part in
      if case .claim(let claim, _) = part { claim } else { nil }
    }
    return [taken?.claim].compactMap(\.self) + shown
  }

  /// `claim|filter|filter`
  private static func part(
    _ inner: String, _ pattern: ValuePattern?, _ table: inout PointerTable
  ) throws(PolicyError) -> Part {
    let pieces = inner.unicodeScalars.split(separator: "|", omittingEmptySubsequences: false)
    let name = String(pieces[0])
    var filters: [ValueFilter] = []
    for piece in pieces.dropFirst() { filters.append(try ValueFilter(parsing: String(piece))) }
    guard !name.isEmpty else {
      throw PolicyError(description: "{\(inner)} names no claim")
    }
    if let number = pattern?.parts.firstIndex(where: { $0.isNamed(name) }) {
      return .part(number, filters)
    }
    return .claim(try BoundClaim(ClaimName(inBraces: name), &table), filters)
  }
}
