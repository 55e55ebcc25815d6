package import Engine
internal import Intake
package import Settings
internal import Trail

/// Says who acted, for people, and how that is known.
package enum DisplayActor: StageDefinition {
  package static let manual = StageManual(
    name: "display_actor",
    summary: "Adds who really acted: from the claims of the token, or the key, or the actor.",
    details: [
      "Claims are those in the event itself, or those of the token that the event names, if it is"
        + " one of the key that the event names, or of the run (`run_id`) that it names. Where it"
        + " names neither, those of the key"
        + " that were valid at its time are looked at if `infer` says so: if there is one, or all of them"
        + " would be shown alike, that is who it was; if they differ, no claim is used, and `candidates`"
        + " names those who it could have been. Nothing is guessed.",
      "`match` says which: `embedded`, `token`, `sole`, `agreed`, `narrowed` (what else the store says of"
        + " its tokens left one), `ambiguous`, `none`, or"
        + " `not_applicable` for an actor that is no API key. `accept` forbids some of them.",
      "`infer` presupposes that the store holds every token of the key whose session reaches the event's"
        + " time (`covers` says from when to when it does), and that no session outlives its token's `exp` by"
        + " more than `session`: a token that is missing makes somebody else the only one.",
      "Where the store says who asked for a token (`via`), that is followed to the root, whose claims are"
        + " shown; `chain` has the links. What is not known ends it there (`chain_incomplete`); a circle and"
        + " more than 8 links are refused (docs/claims.md). Tokens agree if their roots do.",
      "The first policy decides of which all conditions hold: `issuer`, `key` (a glob"
        + " for its id or its name), `account` (a glob for one that is there), `require` (what claims have to"
        + " be: `{ email_verified: true, hd: \"example.com\" }`, or `[{ pointer: \"/a/b\", is: 2 }]`); one"
        + " without values holds for nobody. Of what it shows, the first counts that is"
        + " there. A claim is looked up by its exact name, then, if that begins with `/`, as a JSON"
        + " Pointer; `{ pointer: \"/a/b\" }`, in a template `{pointer:/a/b}`, is a pointer only, so that no"
        + " claim of that name comes first; null, \"\", an object or an array count as missing.",
      "A template, `{repository}@{ref|strip_prefix:refs/heads/}`, is missing if one of its claims is."
        + " Filters: `lower`; `normalize` (Unicode's normal form C); `decode` (`%3A` becomes `:`);"
        + " `strip_ids` (`acme@12/infra@34` becomes"
        + " `acme/infra`); `before:TEXT`, `after:TEXT`, `after_last:TEXT`; `strip_prefix:TEXT`;"
        + " `default:TEXT`, for a claim that is missing or of which the filters before it leave nothing."
        + " `{ claim: \"sub\", pattern: \"repo:{repo}:ref:{ref}\", show: \"{repo}@{ref}\" }` takes a"
        + " claim apart; a part holds no colon unless it is written `{ref*}`.",
      "With `trusted_issuers`, claims of any other issuer are kept but never shown, and the event is"
        + " flagged `untrusted_issuer`. A policy can have its own. An entry `{ issuer, require }` trusts"
        + " tokens whose claims are so. Issuers are compared to the letter; a `*` stands for a part of one"
        + " segment of the path, `https://oidc.example.com/org/*`, never for more, and never for the host.",
      "`from` says what is shown: `claim:NAME`, `template:TEXT`, `key_name`, `key_id` or `actor`."
        + " Controls, line separators, white space other than U+0020, and characters that are invisible or"
        + " change the direction of writing are shown as U+FFFD, spaces at both ends and more than 256"
        + " characters are not shown, and white space alone counts as missing.",
      "A key's name that has the form of an actor or of an e-mail address, or equals what a claim of the"
        + " claim store would show (letter case and normal form apart), is shown, and flagged"
        + " `imitates_actor`: a search for that person does not find it.",
    ],
    settings: [
      SettingManual(
        "claims", "path", standard: "none",
        "The claim store: rows of `key_id`, `token_id` or `jti`, `run_id`, `iat`, `exp`,"
          + " `session_expires_at`, `exchanged`, `claims`, `where`, `via`, `unverified`."),
      SettingManual(
        "policies",
        "objects { issuer, key, account, require, trusted_issuers, infer, session, show }",
        standard: "none",
        "What to show for which tokens: claims, templates and objects { pointer } or { claim, pattern,"
          + " show }, or { claim, as: \"hmac\", secret: { env } } for a pseudonym, the best first."),
      SettingManual(
        "trusted_issuers", "issuers, or objects { issuer, require }", standard: "all",
        "The issuers whose claims may stand for an actor."),
      SettingManual(
        "infer", "object { session, covers: { since, until } }", standard: "nothing is inferred",
        "That an event without a token's id may be held against the times of its key's tokens; how long"
          + " what they are exchanged for outlives their `exp`; and the times of events for which the store"
          + " holds all of them."),
      SettingManual(
        "session", "duration", standard: "\"0s\"",
        "How long sessions outlive `exp`, where nothing is inferred: an event within one is no"
          + " `token_time_outside`."),
      SettingManual(
        "candidates", "true or false", standard: "true",
        "Whether an `ambiguous` event names those who it could have been."),
      SettingManual(
        "token_time", "\"flag\" or \"require\"", standard: "\"flag\"",
        "What becomes of claims, in the event or by the id of a token, that do not hold at the event's time:"
          + " they are shown and flagged `token_time_outside`, or flagged and not shown, and so are then"
          + " those of an event without a usable time."),
      SettingManual(
        "accept", "any of \"embedded\", \"token\", \"sole\", \"agreed\", \"narrowed\"",
        standard: "all five", "How claims may come to an event."),
      SettingManual(
        "fallback", "any of \"key_name\", \"key_id\", \"actor\", \"on_behalf_of\"",
        standard: "[\"key_name\", \"key_id\", \"actor\"]",
        "What to show where no claim is there; `on_behalf_of` is for whom the event says it was"
          + " done."),
      SettingManual(
        "retain",
        "names of claims, or objects { name or pointer, to, as: \"hmac\", secret: { env } }",
        standard: "none",
        "The claims that are kept, under the name `to` if there is one; as \"hmac\" a pseudonym, equal for"
          + " equal values."),
      SettingManual(
        "skew", "duration", standard: "\"60s\"",
        "By how much the event's clock and the issuer's may differ."),
      EmptyTable.manual,
    ],
    example: "{ stage: \"display_actor\", claims: \"claims.ndjson\","
      + " policies: [{ show: [\"email\", \"sub\"] }], retain: [\"iss\", \"sub\"] }",
    reads: [
      "account", "actor", "key", "token", "run", "claims", "time", "on_behalf_of",
      "attribution.api_key",
    ],
    writes: [
      "attribution.display_actor", "attribution.from", "attribution.match", "attribution.actor",
      "attribution.claims", "attribution.token", "attribution.candidates",
      "attribution.candidates_total", "attribution.chain",
    ])

  package static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    context.adds(.attribution)
    var reader = DisplaySettings(settings, context)
    let policies = try reader.policies()
    for (entry, key) in reader.emptyConditions { context.warnOfNobody(key, entry) }
    context.handedOn[RetainedClaims.self] = RetainedClaims(
      names: Dictionary(policies.keptAsTheyAre.map { ($0.target, $0.name) }) { first, _ in first })
    warn(of: policies, settings, &context)
    let skew = Int64(try settings.duration("skew", default: 60, range: 0...86_400)) * 1_000_000
    let claims = ClaimUse(policies)
    context.add(claims)
    let accepted = try reader.accepted()
    let requiresTime =
      try settings.choice("token_time", default: TokenTime.flag) == .require
    // Without tokens by their ids nothing is followed.
    let loader = ClaimStoreLoader(
      policies, skew: skew, followsChains: accepted.token, requiresTime: requiresTime)
    let store = try store(settings, loader, claims, &context)
    let stage = DisplayStage(
      dialect: context.boundDialect, policies: policies, store: store,
      rules: DisplayStage.Rules(
        fallbacks: try reader.fallbacks(), accepted: accepted, skew: skew,
        namesCandidates: try settings.bool("candidates", default: true),
        requiresTokenTime: requiresTime),
      labels: labels(policies, &context),
      imitating: ImitatingNames(context.keyDirectory, store), claims: claims)
    return [.pure(stage)]
  }

  /// A pseudonym is of no use beside what it stands for.
  private static func warn(
    of policies: DisplayPolicies, _ settings: Settings, _ context: inout StageContext
  ) {
    for (claim, policy, isShown) in policies.pseudonymsInClear {
      let name = policies.name(ofPolicy: policy)
      context.warn(
        isShown
          ? "keeps \"\(claim)\" as a pseudonym, and \(name) shows it as it is: show { claim: \"\(claim)\","
            + " as: \"hmac\", secret: … }"
          : "keeps \"\(claim)\" as it is, and \(name) shows a pseudonym of it: keep a pseudonym, or nothing",
        about: "retain", settings)
    }
    for claim in policies.keptInBothForms {
      context.warn(
        "keeps \"\(claim)\" as it is and as a pseudonym, which is of no use beside it",
        about: "retain", settings)
    }
  }

  private static func store(
    _ settings: Settings, _ loader: consuming ClaimStoreLoader, _ claims: ClaimUse,
    _ context: inout StageContext
  ) throws -> ClaimStore? {
    guard let path = try settings.optionalPath("claims") else {
      if settings.has("empty") {
        throw settings.error("empty", "is about \"claims\", which is not there")
      }
      return nil
    }
    var loader = loader
    let columns = TableColumns(
      required: ClaimStoreLoader.keyColumns, ids: ClaimStoreLoader.idColumns)
    try context.read(path, of: "claims", settings, columns: columns) { row, line in
      try loader.add(row, line: line)
    }
    try context.requireRows(loader.rowCount, of: "claims", "tokens", settings)
    if let members = loader.membersInsteadOfClaims {
      throw settings.error(
        "claims",
        "names a table without claims: \(path): no row has \"claims\" (the first has \(members)): put the"
          + " claims of each token there, an object")
    }
    claims.add(loader.seen)
    return loader.finish()
  }

  private static func labels(
    _ policies: DisplayPolicies, _ context: inout StageContext
  ) -> DisplayStage.Labels {
    DisplayStage.Labels(
      match: context.label(named: "match", classes: ClaimMatch.allCases.map(\.name)),
      from: context.label(
        named: "from", classes: Fallback.allCases.map(\.rawValue) + policies.origins),
      policy: context.label(
        named: "policy", classes: (0..<policies.count).map { policies.name(ofPolicy: $0) },
        unused: "policies that never matched"))
  }
}

/// The claims that a stage keeps as they are, for conditions of later stages: what they are called in the
/// claims, by what they are kept as.
private struct RetainedClaims {
  var names: [String: String]
}

extension StageContext {
  /// What the claims are kept as that a stage before keeps as they are.
  var retainedClaims: Set<String> { Set((handedOn[RetainedClaims.self]?.names ?? [:]).keys) }

  /// What the issuer is kept as: nothing else is the issuer because it is called so.
  var retainedIssuer: String? {
    handedOn[RetainedClaims.self]?.names.filter { $0.value == "iss" }.keys.min()
  }
}
