internal import Bytes
package import Engine
internal import JSONText
package import Settings
internal import Trail

/// Says what kind of actor it was.
package enum Classify: StageDefinition {
  /// Most rules: 256.
  static let mostRules = 256

  package static let manual = StageManual(
    name: "classify",
    summary: "Adds the kind of the actor: internal, external, automation or unknown.",
    details: [
      "The first rule decides of which all conditions hold; a condition with several values holds if one of"
        + " them does, one without values for nobody. Where none holds, the kind is `unknown`. Conditions:"
        + " `issuer`, the claim `iss` to the letter or a pattern as in `display_actor`; `claim` with"
        + " `matches`, globs over any claim;"
        + " `require`, what claims have to be, as in `display_actor`; `email_domain`, globs over what stands"
        + " behind the `@`, in lower case; `source`, the source of the actor (`github`, \"\" for a bare"
        + " name);"
        + " `address`, blocks such as `10.0.0.0/8`; `key_type`, the type of the API key.",
      "Claims are those that `display_actor` keeps, but for pseudonyms, and they do not count where the"
        + " event is flagged `untrusted_issuer`. An e-mail address is the claim `email`, or another of that"
        + " name (`mail`, `https://example.com/email`), or `upn`, `unique_name`, `preferred_username` or"
        + " `sub`: the first that has the form of one. Without a claim it is an actor that is a bare name of"
        + " that form; never the name of a key, which anybody can choose.",
    ],
    settings: [
      SettingManual(
        "rules", "objects { kind, and conditions }", standard: nil,
        "What makes an actor what: [{ kind: \"internal\", email_domain: \"example.com\" }].")
    ],
    example: "{ stage: \"classify\", rules: [{ kind: \"external\", source: \"github\" }] }",
    reads: ["actor", "address", "attribution.claims", "attribution.api_key"],
    writes: ["attribution.kind"])

  package static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    context.adds(.attribution)
    if !settings.has("rules") { _ = try settings.string("rules") }
    let entries = try settings.objects("rules")
    guard entries.count <= mostRules else {
      throw settings.error("rules", "are more than \(mostRules) (max_rules)")
    }
    var claims = PointerTable()
    let emails = EmailClaims.slots(context.retainedClaims, &claims)
    var rules: [ActorRule] = []
    for entry in entries { rules.append(try ActorRule(entry, &context, &claims)) }
    let label = context.label(named: "kind", classes: ActorKind.allCases.map(\.rawValue))
    return [
      .pure(
        ClassifyStage(
          plan: ActorFacts.Plan(
            dialect: context.boundDialect, claims: PointerSet(claims.pointers), emails: emails),
          rules: rules, label: label))
    ]
  }
}

private struct ClassifyStage: PureStage, Explaining {
  let plan: ActorFacts.Plan
  let rules: [ActorRule]
  let label: Int

  func process(_ batch: Batch, step: Int) {
    var facts = ActorFacts(plan)
    var spans: [Span32] = []
    for kind in ActorKind.allCases {
      let at = batch.bytes.count
      JSONString.append(quoting: kind.rawValue, to: &batch.bytes)
      spans.append(Span32(at, count: batch.bytes.count - at))
    }
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let kind = rule(batch, index, &facts).map { rules[$0].kind } ?? .unknown
      batch[.kind, index] = spans[kind.ordinal]
      batch.setLabel(label, of: index, kind.ordinal + 1)
    }
  }

  /// The first rule that holds.
  private func rule(_ batch: Batch, _ index: Int, _ facts: inout ActorFacts) -> Int? {
    facts.read(batch, index)
    for number in rules.indices where facts.holds(rules[number].conditions, batch, index) {
      return number
    }
    return nil
  }

  // MARK: Telling

  func explain(_ batch: Batch, _ index: Int) -> [String] {
    guard batch.records[index].verdict == .keep else { return [] }
    var facts = ActorFacts(plan)
    guard let rule = rule(batch, index, &facts) else { return ["no rule holds: unknown"] }
    return ["rule \(rule + 1) holds: \(rules[rule].kind.rawValue)"]
  }

  func facts(_ batch: Batch, _ index: Int) -> [(name: String, json: String)] {
    guard batch.records[index].verdict == .keep else { return [] }
    var facts = ActorFacts(plan)
    let rule = rule(batch, index, &facts)
    return [
      ("kind", batch.string(batch[.kind, index])),
      ("rule", rule.map { "\($0 + 1)" } ?? "null"),
    ]
  }
}
