internal import Bytes
internal import JSONText

/// A wrong candidate of a display policy, and why.
public struct PolicyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, and what to do.
  public let description: String
}

/// Which claims stand for an actor, by issuer, and which are kept.
public struct DisplayPolicies: Sendable {
  /// What to show for tokens of one issuer.
  public struct Policy: Sendable {
    /// The issuer, to the letter; nil for any.
    public var issuer: String?
    /// Names of claims and templates, the best first.
    public var show: [String]

    /// A policy.
    public init(issuer: String?, show: [String]) {
      self.issuer = issuer
      self.show = show
    }
  }

  /// A claim's places: the member with exactly its name, and what its name points to.
  struct Claim: Sendable {
    let name: String
    let exact: Int
    let pointed: Int?
  }

  enum Part: Sendable {
    case text([UInt8])
    case claim(Claim)
  }

  struct Candidate: Sendable {
    let policy: Int
    let origin: String
    let parts: [Part]
  }

  struct Bound: Sendable {
    let issuer: [UInt8]?
    let candidates: Range<Int>
  }

  let policies: [Bound]
  let candidates: [Candidate]
  let retained: [Claim]
  let issuer: Claim
  let issuedAt: Claim
  let expiresAt: Claim
  let token: Claim
  let pointers: PointerSet

  /// Policies in the order in which they are tried, and the names of the claims to keep. Throws for
  /// a template whose braces do not fit or a name that is no JSON Pointer though it begins with `/`.
  public init(_ policies: [Policy], retain: [String]) throws(PolicyError) {
    var table = PointerTable()
    var bound: [Bound] = []
    var candidates: [Candidate] = []
    for (index, policy) in policies.enumerated() {
      let first = candidates.count
      for text in policy.show {
        candidates.append(try DisplayPolicies.candidate(text, policy: index, &table))
      }
      bound.append(
        Bound(issuer: policy.issuer.map { Array($0.utf8) }, candidates: first..<candidates.count))
    }
    self.policies = bound
    self.candidates = candidates
    var retained: [Claim] = []
    for name in retain where !retained.contains(where: { $0.name == name }) {
      retained.append(try DisplayPolicies.claim(name, &table))
    }
    self.retained = retained
    issuer = try DisplayPolicies.claim("iss", &table)
    issuedAt = try DisplayPolicies.claim("iat", &table)
    expiresAt = try DisplayPolicies.claim("exp", &table)
    token = try DisplayPolicies.claim("jti", &table)
    pointers = PointerSet(table.pointers)
  }

  /// What `from` says for each candidate: `claim:NAME` or `template:TEXT`.
  public var origins: [String] { candidates.map(\.origin) }

  /// A sentence about candidate `index`: which policy it is of, and which candidates it had before.
  public func story(of index: Int) -> String {
    let candidate = candidates[index]
    let policy = policies[candidate.policy]
    let issuer = policy.issuer.map { "issuer \(String(decoding: $0, as: UTF8.self))" }
    let before = policy.candidates.lowerBound..<index
    let missing = before.map { candidates[$0].origin }.joined(separator: ", ")
    return "policy \(candidate.policy + 1) (\(issuer ?? "any issuer")) shows \(candidate.origin)"
      + (before.isEmpty ? "" : "; missing before it: \(missing)")
  }

  private static func claim(
    _ name: String, _ table: inout PointerTable
  ) throws(PolicyError) -> Claim {
    var escaped = "/"
    for character in name.unicodeScalars {
      switch character {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(character)
      }
    }
    do {
      let exact = table.slot(try JSONPointer(escaped))
      let pointed = name.hasPrefix("/") ? table.slot(try JSONPointer(name)) : nil
      return Claim(name: name, exact: exact, pointed: pointed)
    } catch {
      throw PolicyError(description: "\(error)")
    }
  }

  /// Takes a candidate apart: `{name}` is a claim, `{{` and `}}` are braces; a text without braces
  /// is the name of a claim.
  private static func candidate(
    _ text: String, policy: Int, _ table: inout PointerTable
  ) throws(PolicyError) -> Candidate {
    guard !text.isEmpty else {
      throw PolicyError(description: "a candidate to show is empty: name a claim")
    }
    guard text.utf8.contains(where: { $0 == 0x7B || $0 == 0x7D }) else {
      return Candidate(
        policy: policy, origin: "claim:\(text)", parts: [.claim(try claim(text, &table))])
    }
    var parts: [Part] = []
    var literal: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == 0x7B || byte == 0x7D, rest.first != byte else {
        literal.append(byte)
        if byte == 0x7B || byte == 0x7D { rest.removeFirst() }
        continue
      }
      guard byte == 0x7B, let close = rest.firstIndex(of: 0x7D), close > rest.startIndex else {
        throw PolicyError(
          description: "the braces of \"\(text)\" do not fit: write {claim}, and {{ for a brace")
      }
      if !literal.isEmpty { parts.append(.text(literal)) }
      literal = []
      parts.append(.claim(try claim(String(decoding: rest[..<close], as: UTF8.self), &table)))
      rest = rest[rest.index(after: close)...]
    }
    if !literal.isEmpty { parts.append(.text(literal)) }
    return Candidate(policy: policy, origin: "template:\(text)", parts: parts)
  }
}
