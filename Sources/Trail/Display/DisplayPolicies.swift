public import Bytes
internal import JSONText

/// What to show for tokens, and of which: all conditions that are given have to hold. One that is nil is not
/// given; one without values holds for nobody.
public struct DisplayPolicy: Sendable {
  /// Issuers, to the letter or as patterns: see `IssuerPattern`.
  public var issuers: [String]?
  /// Globs, one of which has to match the key's id or its name at the time of the event.
  public var keys: [String]?
  /// Globs, one of which has to match the event's account.
  public var accounts: [String]?
  /// What the token's claims have to be.
  public var required: [RequiredClaim]?
  /// Issuers whose claims may stand for an actor under this policy; nil for those of all policies.
  public var trustedIssuers: [TrustedIssuers]?
  /// What to show, the best first.
  public var show: [DisplayCandidate]
  /// What is inferred of the tokens that it shows; nil for what is of those of all policies.
  public var inference: Inference?

  /// A policy.
  public init(
    issuers: [String]? = nil, keys: [String]? = nil, accounts: [String]? = nil,
    required: [RequiredClaim]? = nil, trustedIssuers: [TrustedIssuers]? = nil,
    show: [DisplayCandidate], inference: Inference? = nil
  ) {
    self.issuers = issuers
    self.keys = keys
    self.accounts = accounts
    self.required = required
    self.trustedIssuers = trustedIssuers
    self.show = show
    self.inference = inference
  }
}

/// What an event says that policies ask for beside the token: for each policy, by its number, one
/// bit each for its globs of keys' names and of accounts. Set where one matches, or the policy does not ask.
public struct PolicySelector: Hashable, Sendable, BitwiseCopyable {
  var names = UInt64.max
  var accounts = UInt64.max

  /// Of an event that every policy's globs match.
  public init() {}

  /// That of a token of a key whose name is not known.
  var withoutName: PolicySelector {
    var selector = self
    selector.names = 0
    return selector
  }
}

/// Which claims stand for an actor, by issuer, key and account, and which are kept.
public struct DisplayPolicies: Sendable {
  /// Most policies: 64.
  public static let mostPolicies = 64
  /// Most candidates of all policies together: 1,000.
  public static let mostCandidates = 1_000

  struct Bound: Sendable {
    let issuers: [IssuerPattern]?
    let keys: [Glob]?
    let accounts: [Glob]?
    let required: BoundRequirements?
    let trustedIssuers: [BoundTrust]?
    let candidates: Range<Int>
    let inference: Inference
  }

  let policies: [Bound]
  let candidates: [BoundCandidate]
  let retained: [BoundRetained]
  let trustedIssuers: [BoundTrust]?
  /// What is inferred of tokens whose policy says nothing else.
  public let inference: Inference
  /// The claims that are shown, kept or required, each once.
  let named: [BoundClaim]
  let issuer: BoundClaim
  let issuedAt: BoundClaim
  let expiresAt: BoundClaim
  let token: BoundClaim
  let pointers: PointerSet
  /// True if an event has to be looked at to choose a policy.
  public let dependOnEvents: Bool

  /// Policies in the order in which they are tried, the claims to keep, the issuers that are trusted (all, if
  /// nil), and what is inferred of tokens whose policy says nothing else. Throws for a candidate or an issuer
  /// that cannot be read, a name that is no JSON Pointer though it begins with `/`, two claims that would be
  /// kept under one name, and too many policies.
  public init(
    _ policies: [DisplayPolicy], retain: [RetainedClaim], trustedIssuers: [TrustedIssuers]? = nil,
    inference: Inference = .off()
  ) throws(PolicyError) {
    self.inference = inference
    guard policies.count <= DisplayPolicies.mostPolicies else {
      throw PolicyError(
        description: "more than \(DisplayPolicies.mostPolicies) policies (max_policies)")
    }
    var table = PointerTable()
    var bound: [Bound] = []
    var candidates: [BoundCandidate] = []
    for (index, policy) in policies.enumerated() {
      let first = candidates.count
      for candidate in policy.show {
        candidates.append(try BoundCandidate(candidate, policy: index, &table))
      }
      bound.append(try Bound(policy, first..<candidates.count, inference, &table))
    }
    guard candidates.count <= DisplayPolicies.mostCandidates else {
      throw PolicyError(
        description:
          "policies show more than \(DisplayPolicies.mostCandidates) candidates (max_candidates)")
    }
    self.policies = bound
    self.candidates = candidates
    retained = try BoundRetained.all(retain, &table)
    let trusted = try BoundTrust.all(trustedIssuers, &table)
    self.trustedIssuers = trusted
    let required = bound.flatMap(\.claims) + (trusted ?? []).flatMap(\.claims)
    named = DisplayPolicies.unique(candidates.flatMap(\.claims) + retained.map(\.claim) + required)
    issuer = try BoundClaim("iss", &table)
    issuedAt = try BoundClaim("iat", &table)
    expiresAt = try BoundClaim("exp", &table)
    token = try BoundClaim("jti", &table)
    pointers = PointerSet(table.pointers)
    dependOnEvents = bound.contains { $0.keys != nil || $0.accounts != nil }
  }

  private static func unique(_ claims: [BoundClaim]) -> [BoundClaim] {
    var slots: Set<[Int?]> = []
    return claims.filter { slots.insert([$0.exact, $0.pointed]).inserted }
  }

  /// How many there are.
  public var count: Int { policies.count }

  /// What is inferred of the tokens that policy `number` shows; -1 is none of them.
  public func inference(ofPolicy number: Int) -> Inference {
    number < 0 ? inference : policies[number].inference
  }

  /// True if anything is inferred at all.
  public var infers: Bool { inference.isAllowed || policies.contains { $0.inference.isAllowed } }

  /// The claims that are kept, but for those that are kept as pseudonyms: what they are kept as, and what
  /// they are called in the claims.
  public var keptAsTheyAre: [(target: String, name: String)] {
    retained.filter { $0.pseudonym == nil }.map { ($0.target, $0.claim.name) }
  }

  /// What `from` says for each candidate: `claim:NAME` or `template:TEXT`.
  public var origins: [String] { candidates.map(\.origin) }

  /// Which policies an event of `account` can be shown by, made with a key called `keyName`; either is
  /// empty if it is not known.
  public func selector(keyName: ByteView, account: ByteView) -> PolicySelector {
    var selector = PolicySelector()
    for (index, policy) in policies.enumerated() {
      // What is not known is none, whatever a glob makes of no text.
      if let keys = policy.keys, keyName.isEmpty || !keys.contains(where: { $0.matches(keyName) }) {
        selector.names &= ~(1 << UInt64(index))
      }
      if let accounts = policy.accounts,
        account.isEmpty || !accounts.contains(where: { $0.matches(account) })
      {
        selector.accounts &= ~(1 << UInt64(index))
      }
    }
    return selector
  }
}

extension DisplayPolicies.Bound {
  init(
    _ policy: DisplayPolicy, _ candidates: Range<Int>, _ inference: Inference,
    _ table: inout PointerTable
  ) throws(PolicyError) {
    self.init(
      issuers: try policy.issuers.map { (texts) throws(PolicyError) in
        try texts.map { (text) throws(PolicyError) in try IssuerPattern(text) }
      }, keys: policy.keys?.map { Glob($0) }, accounts: policy.accounts?.map { Glob($0) },
      required: try BoundRequirements(policy.required, &table),
      trustedIssuers: try BoundTrust.all(policy.trustedIssuers, &table), candidates: candidates,
      inference: policy.inference ?? inference)
  }

  /// The claims that it requires.
  var claims: [BoundClaim] {
    (required?.claims.map(\.claim) ?? []) + (trustedIssuers ?? []).flatMap(\.claims)
  }
}

extension BoundTrust {
  /// The claims that it requires.
  var claims: [BoundClaim] { required?.claims.map(\.claim) ?? [] }
}

// MARK: - For people

extension DisplayPolicies {
  /// Claims that are written as a pseudonym in one place and as they are in another, each with the policy
  /// that shows them; `isShown` is true if it is the policy that writes them as they are.
  public var pseudonymsInClear: [(claim: String, policy: Int, isShown: Bool)] {
    retained.flatMap { kept in
      candidates.filter { candidate in
        (candidate.pseudonym == nil) != (kept.pseudonym == nil)
          && candidate.claims.contains { $0.meets(kept.claim) }
      }
      // What a policy makes of several claims, or of a part of one, is another text than what is kept.
      .filter { kept.pseudonym != nil || $0.claims.count == 1 }
      .map { (kept.claim.name, $0.policy, kept.pseudonym != nil) }
    }
  }

  /// Claims that are kept both as they are and as a pseudonym, under two names.
  public var keptInBothForms: [String] {
    retained.filter { kept in
      kept.pseudonym == nil
        && retained.contains { $0.pseudonym != nil && $0.claim.meets(kept.claim) }
    }.map(\.claim.name)
  }

  /// `policy 2 (issuer https://…, key ci-*)`
  public func name(ofPolicy index: Int) -> String {
    let policy = descriptions(policies[index])
    return "policy \(index + 1) (\(policy.isEmpty ? "any issuer" : policy))"
  }

  private func descriptions(_ policy: Bound) -> String {
    var words: [String] = []
    func add(_ name: String, _ values: [String]?) {
      guard let values else { return }
      words.append("\(name) \(values.isEmpty ? "nobody" : values.joined(separator: " or "))")
    }
    add("issuer", policy.issuers?.map(\.description))
    add("key", policy.keys?.map(\.description))
    add("account", policy.accounts?.map(\.description))
    if let required = policy.required {
      let names = required.claims.map(\.claim.name)
      words.append(
        "requires \(names.isEmpty ? "nothing, for nobody" : names.joined(separator: " and "))")
    }
    return words.joined(separator: ", ")
  }

  /// What the policy would rather have shown than candidate `index`, or, without one, at all.
  public func missing(before index: Int?, ofPolicy policy: Int) -> [String] {
    let all = policies[policy].candidates
    return (all.lowerBound..<(index ?? all.upperBound)).map { candidates[$0].origin }
  }
}
