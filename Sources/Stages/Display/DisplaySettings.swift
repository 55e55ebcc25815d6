internal import Crypto
internal import JSONText
internal import Settings
internal import Trail

/// What is shown where no claim is.
enum Fallback: String, CaseIterable, Sendable {
  case keyName = "key_name"
  case keyID = "key_id"
  case actor
  case onBehalfOf = "on_behalf_of"

  /// Where a definition says nothing. What an event says of others is not among it: who made the request may
  /// have chosen it.
  static let standard: [Fallback] = [.keyName, .keyID, .actor]
}

/// Which claims may be used, by how they came to the event.
struct AcceptedMatches: Sendable {
  /// All that a definition can name, and the default.
  static let names: [String] = [ClaimMatch.embedded, .token, .sole, .agreed, .narrowed].map(\.name)

  let embedded: Bool
  let token: Bool
  let sole: Bool
  let agreed: Bool
  let narrowed: Bool

  init(_ names: [String]) {
    embedded = names.contains(ClaimMatch.embedded.name)
    token = names.contains(ClaimMatch.token.name)
    sole = names.contains(ClaimMatch.sole.name)
    agreed = names.contains(ClaimMatch.agreed.name)
    narrowed = names.contains(ClaimMatch.narrowed.name)
  }

  /// True if tokens that the event does not name are worth a look.
  var infers: Bool { sole || agreed || narrowed }
}

/// Reads the settings of `display_actor`.
struct DisplaySettings {
  /// Conditions without values, which hold for nobody.
  private(set) var emptyConditions: [(entry: Settings, key: String)] = []
  private let settings: Settings
  private let context: StageContext

  init(_ settings: Settings, _ context: StageContext) {
    self.settings = settings
    self.context = context
  }

  // MARK: Policies

  mutating func policies() throws -> DisplayPolicies {
    let inference = try Inference(settings, otherwise: .off()) ?? .off()
    var policies: [DisplayPolicy] = []
    for entry in try settings.objects("policies") {
      policies.append(try policy(entry, inference))
    }
    let trusted = try trusted(settings)
    let retained = try retained()
    do {
      return try DisplayPolicies(
        policies, retain: retained, trustedIssuers: trusted, inference: inference)
    } catch {
      let isAboutRetained = (try? DisplayPolicies([], retain: retained)) == nil
      throw isAboutRetained
        ? settings.error("retain", "has a wrong name: \(error)")
        : settings.error("policies", "cannot be used: \(error)")
    }
  }

  private mutating func policy(
    _ entry: Settings, _ inference: Inference
  ) throws -> DisplayPolicy {
    let policy = DisplayPolicy(
      issuers: try entry.issuerPatterns("issuer")?.map(\.description),
      keys: try entry.optionalStrings("key"), accounts: try entry.optionalStrings("account"),
      required: try required(entry), trustedIssuers: try trusted(entry),
      show: try candidates(entry), inference: try Inference(entry, otherwise: inference))
    for key in ["issuer", "key", "account"] where entry.isEmptyArray(key) {
      emptyConditions.append((entry, key))
    }
    do {
      _ = try DisplayPolicies([policy], retain: [])
    } catch {
      throw entry.error("show", "has a wrong candidate: \(error)")
    }
    return policy
  }

  /// Whose claims count: issuers, and objects that also say what the claims have to be.
  private mutating func trusted(_ settings: Settings) throws -> [TrustedIssuers]? {
    let key = "trusted_issuers"
    guard let value = settings.value(key), case .array(let elements) = value.content,
      elements.contains(where: { $0.string == nil })
    else { return try settings.issuerPatterns(key)?.map { TrustedIssuers([$0.description]) } }
    var trusted: [TrustedIssuers] = []
    for element in elements {
      if let text = element.string {
        do { _ = try IssuerPattern(text) } catch { throw settings.error(key, "\(error)") }
        trusted.append(TrustedIssuers([text]))
        continue
      }
      guard case .object = element.content else {
        throw element.position.error(
          "\"\(key)\" takes issuers and objects { issuer, require }, found \(element.kind)")
      }
      let entry = try Settings(element, what: "an element of \"\(key)\"")
      if !entry.has("issuer") { _ = try entry.strings("issuer") }
      let issuers = try entry.issuerPatterns("issuer") ?? []
      if issuers.isEmpty { emptyConditions.append((entry, "issuer")) }
      trusted.append(TrustedIssuers(issuers.map(\.description), required: try required(entry)))
      try entry.finish()
    }
    return trusted
  }

  /// What claims have to be.
  private mutating func required(_ entry: Settings) throws -> [RequiredClaim]? {
    guard let required = try entry.requiredClaims() else { return nil }
    if required.holdForNobody { emptyConditions.append((entry, "require")) }
    return required
  }

  private func candidates(_ entry: Settings) throws -> [DisplayCandidate] {
    guard let value = entry.value("show") else {
      return try entry.strings("show").map { .init($0) }
    }
    guard case .array(let elements) = value.content else { return [try candidate(value, entry)] }
    return try elements.map { try candidate($0, entry) }
  }

  /// A string, a pointer, or an object that takes a claim apart first.
  private func candidate(_ value: JSON5Value, _ entry: Settings) throws -> DisplayCandidate {
    if let text = value.string { return DisplayCandidate(text) }
    guard case .object = value.content else {
      throw value.position.error(
        "\"show\" takes names of claims, templates and objects { pointer }, { claim, pattern, show } or"
          + " { claim, as: \"hmac\", secret }, found \(value.kind)")
    }
    let object = try Settings(value, what: "an element of \"show\"")
    // A secret may stand in any place of it by mistake.
    if object.has("as") { object.hideValues() }
    let claim = try object.claimName("claim")
    let candidate: DisplayCandidate
    if object.has("as") {
      candidate = DisplayCandidate(of: claim, pseudonym: try pseudonym(object))
    } else if claim.isPointer, !object.has("pattern"), !object.has("show") {
      candidate = DisplayCandidate(pointer: claim.text)
    } else {
      candidate = DisplayCandidate(
        try object.string("show"), taking: (claim: claim, pattern: try object.string("pattern")))
    }
    try object.finish()
    return candidate
  }

  // MARK: What is kept, and what is accepted

  private func retained() throws -> [RetainedClaim] {
    guard let value = settings.value("retain"), case .array(let elements) = value.content else {
      return try settings.strings("retain", default: []).map { RetainedClaim($0) }
    }
    return try elements.map { element in
      if let name = element.string { return RetainedClaim(name) }
      guard case .object = element.content else {
        throw element.position.error(
          "\"retain\" takes names of claims and objects { name, to, as: \"hmac\", secret },"
            + " found \(element.kind)")
      }
      return try retained(try Settings(element, what: "an element of \"retain\""))
    }
  }

  private enum Form: String, CaseIterable { case hmac }

  private func retained(_ entry: Settings) throws -> RetainedClaim {
    // A secret may stand in any place of it by mistake.
    entry.hideValues()
    let claim = try entry.claimName("name")
    let target = try entry.optionalString("to")
    if target == "" {
      throw entry.error("to", "is empty: leave it out to keep the claim under its own name")
    }
    let retained = RetainedClaim(claim, to: target, pseudonym: try pseudonym(entry))
    try entry.finish()
    return retained
  }

  /// What makes a pseudonym of a claim; nil if it is kept as it is.
  private func pseudonym(_ entry: Settings) throws -> HMACKey? {
    guard entry.has("as") || entry.has("secret") else { return nil }
    _ = try entry.choice("as") as Form
    guard let secret = try entry.object("secret") else {
      throw entry.position.error(
        "a pseudonym needs \"secret\": { env: \"NAME\" }: without one anybody could try the few"
          + " likely values")
    }
    return try context.secret(secret).withUnsafeBufferPointer {
      try HMACKey(secret: $0, hash: .sha256)
    }
  }

  func fallbacks() throws -> [Fallback] {
    let names = Fallback.allCases.map(\.rawValue)
    let standard = Fallback.standard.map(\.rawValue)
    return try words("fallback", among: names, default: standard)
      .compactMap(Fallback.init(rawValue:))
  }

  func accepted() throws -> AcceptedMatches {
    AcceptedMatches(try words("accept", among: AcceptedMatches.names))
  }

  /// Some of a few words; `standard`, or all of them, if the setting is left out.
  private func words(
    _ key: String, among known: [String], default standard: [String]? = nil
  ) throws -> [String] {
    let words = try settings.strings(key, default: standard ?? known)
    for word in words where !known.contains(word) {
      let hint = nearest(word, in: known).map { ": did you mean \"\($0)\"?" } ?? ""
      throw settings.error(key, "does not know \"\(word)\"\(hint)")
    }
    return words
  }
}
