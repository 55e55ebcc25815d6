internal import Bytes
internal import JSONText
internal import Settings

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

  init(_ entry: Settings, _ context: StageContext, _ table: inout PointerTable) throws {
    kind = try entry.choice("kind")
    conditions = try ActorConditions(entry, context, &table)
  }
}

/// Conditions about an actor; those that are not given are nil.
struct ActorConditions: Sendable {
  /// Their keys in definitions, but for `matches`, which goes with `claim`.
  static let keys = ["issuer", "claim", "email_domain", "source", "address", "key_type"]

  /// Claims by their slots, with globs of which one has to match.
  let claims: [(slot: Int, globs: [Glob])]
  let emailDomains: [Glob]?
  let sources: [[UInt8]]?
  let blocks: [AddressBlock]?
  let keyTypes: [[UInt8]]?

  init(_ entry: Settings, _ context: StageContext, _ table: inout PointerTable) throws {
    var claims: [(slot: Int, globs: [Glob])] = []
    if let issuers = try ActorConditions.strings(entry, "issuer") {
      try ActorConditions.requireRetained("iss", for: "issuer", entry, context)
      claims.append((table.slot(JSONPointer(member: "iss")), issuers.map { Glob($0) }))
    }
    if let name = try entry.optionalString("claim") {
      try ActorConditions.requireRetained(name, for: "claim", entry, context)
      claims.append(
        (table.slot(JSONPointer(member: name)), try entry.strings("matches").map { Glob($0) }))
    } else if entry.has("matches") {
      throw entry.error("matches", "needs \"claim\", the name of the claim that has to match")
    }
    self.claims = claims
    emailDomains = try ActorConditions.strings(entry, "email_domain")?.map { Glob($0.lowercased()) }
    sources = try ActorConditions.strings(entry, "source")?.map { Array($0.utf8) }
    keyTypes = try ActorConditions.strings(entry, "key_type")?.map { Array($0.utf8) }
    blocks = try ActorConditions.strings(entry, "address")?.map { text in
      let block = Array(text.utf8).withUnsafeBufferPointer { AddressBlock($0) }
      guard let block else {
        throw entry.error(
          "address", "has a wrong block \"\(text)\": write 10.0.0.0/8 or 2001:db8::/32")
      }
      return block
    }
    guard
      !claims.isEmpty || emailDomains != nil || sources != nil || keyTypes != nil || blocks != nil
    else {
      throw entry.position.error(
        "a rule needs a condition: \"issuer\", \"claim\", \"email_domain\", \"source\", \"address\" or"
          + " \"key_type\"")
    }
  }

  private static func strings(_ entry: Settings, _ key: String) throws -> [String]? {
    guard entry.has(key) else { return nil }
    let strings = try entry.strings(key)
    guard !strings.isEmpty else { throw entry.error(key, "is empty, and so could never hold") }
    return strings
  }

  /// A rule over a claim that is not kept would never hold, without a word.
  private static func requireRetained(
    _ claim: String, for key: String, _ entry: Settings, _ context: StageContext
  ) throws(SettingsError) {
    guard !context.retainedClaims.contains(claim) else { return }
    throw entry.error(
      key,
      "asks for the claim \"\(claim)\", which no stage before keeps as it is: add it to \"retain\" of"
        + " \"display_actor\"")
  }
}
