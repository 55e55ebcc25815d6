internal import Bytes
internal import JSONText
internal import Settings
internal import Trail

/// What an actor can be.
package enum ActorKind: String, CaseIterable, Sendable {
  case `internal`, external, automation, unknown

  /// Its place among all.
  var ordinal: Int {
    switch self {
    case .internal: 0
    case .external: 1
    case .automation: 2
    case .unknown: 3
    }
  }
}

/// The kind of the actors for which all conditions hold.
struct ActorRule: Sendable {
  let kind: ActorKind
  let conditions: ActorConditions

  init(_ entry: Settings, _ context: inout StageContext, _ table: inout PointerTable) throws {
    kind = try entry.choice("kind")
    conditions = try ActorConditions(entry, &context, &table)
  }
}

/// Conditions about an actor; those that are not given are nil, and those without values hold for nobody.
struct ActorConditions: Sendable {
  /// Their keys in definitions, but for `matches`, which goes with `claim`.
  static let keys = ["issuer", "claim", "require", "email_domain", "source", "address", "key_type"]

  /// The claim `iss`, by its slot.
  let issuers: (slot: Int, patterns: [IssuerPattern])?
  /// Claims by their slots, with globs of which one has to match.
  let claims: [(slot: Int, globs: [Glob])]
  /// Claims by their slots, with values of which each has to have one; nobody has none of none.
  let required: [(slot: Int, values: [RequiredClaim.Value])]?
  let emailDomains: [Glob]?
  let sources: [[UInt8]]?
  let blocks: [AddressBlock]?
  let keyTypes: [[UInt8]]?

  init(_ entry: Settings, _ context: inout StageContext, _ table: inout PointerTable) throws {
    var claims: [(slot: Int, globs: [Glob])] = []
    if let patterns = try entry.issuerPatterns("issuer") {
      let name = context.retainedIssuer
      if name == nil { try ActorConditions.requireRetained(nil, for: "issuer", entry, context) }
      issuers = (table.slot(JSONPointer(member: name ?? "iss")), patterns)
    } else {
      issuers = nil
    }
    if let name = try entry.optionalString("claim") {
      try ActorConditions.requireRetained(name, for: "claim", entry, context)
      claims.append(
        (table.slot(JSONPointer(member: name)), try entry.strings("matches").map { Glob($0) }))
    } else if entry.has("matches") {
      throw entry.error("matches", "needs \"claim\", the name of the claim that has to match")
    }
    self.claims = claims
    required = try ActorConditions.required(entry, &context, &table)
    emailDomains = try entry.optionalStrings("email_domain")?.map { Glob($0.lowercased()) }
    sources = try entry.optionalStrings("source")?.map { Array($0.utf8) }
    keyTypes = try entry.optionalStrings("key_type")?.map { Array($0.utf8) }
    blocks = try entry.optionalStrings("address")?.map { text in
      let block = Array(text.utf8).withUnsafeBufferPointer { AddressBlock($0) }
      guard let block else {
        throw entry.error(
          "address", "has a wrong block \"\(text)\": write 10.0.0.0/8 or 2001:db8::/32")
      }
      return block
    }
    guard
      issuers != nil || !claims.isEmpty || required != nil || emailDomains != nil || sources != nil
        || keyTypes != nil || blocks != nil
    else {
      throw entry.position.error(
        "a rule needs a condition: \"issuer\", \"claim\", \"require\", \"email_domain\", \"source\","
          + " \"address\" or \"key_type\"")
    }
    for key in ActorConditions.keys + ["matches"]
    where key != "require" && entry.isEmptyArray(key) {
      context.warnOfNobody(key, entry)
    }
  }

  /// What claims that are kept have to be. A claim that is named by a pointer is kept under that name.
  private static func required(
    _ entry: Settings, _ context: inout StageContext, _ table: inout PointerTable
  ) throws -> [(slot: Int, values: [RequiredClaim.Value])]? {
    guard let required = try entry.requiredClaims() else { return nil }
    if required.holdForNobody { context.warnOfNobody("require", entry) }
    return try required.map { claim in
      try requireRetained(claim.claim.text, for: "require", entry, context)
      return (table.slot(JSONPointer(member: claim.claim.text)), claim.values)
    }
  }

  /// A rule over a claim that is not kept would never hold, without a word. Without a claim it is the issuer.
  private static func requireRetained(
    _ claim: String?, for key: String, _ entry: Settings, _ context: StageContext
  ) throws(SettingsError) {
    if let claim, context.retainedClaims.contains(claim) { return }
    throw entry.error(
      key,
      "asks for the claim \"\(claim ?? "iss")\", which no stage before keeps as it is: add it to \"retain\""
        + " of \"display_actor\"")
  }
}
