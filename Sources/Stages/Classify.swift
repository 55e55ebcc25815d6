internal import Bytes
public import Engine
internal import JSONText
public import Settings
internal import Trail

/// Says what kind of actor it was.
public enum Classify: StageDefinition {
  /// What an actor can be.
  enum Kind: String, CaseIterable, Sendable {
    case `internal`, external, automation, unknown
  }

  /// Most rules: 256.
  static let mostRules = 256

  /// Its reference.
  public static let manual = StageManual(
    name: "classify",
    summary: "Adds the kind of the actor: internal, external, automation or unknown.",
    details: [
      "The first rule decides of which all conditions hold; a condition with several values holds if one of"
        + " them does. Where none holds, the kind is `unknown`. Conditions: `issuer`, a glob over the claim"
        + " `iss`; `claim` with `matches`, globs over any claim; `email_domain`, globs over what stands behind"
        + " the `@`, in lower case; `source`, the source of the actor (`github`, \"\" for a bare name);"
        + " `address`, blocks such as `10.0.0.0/8`; `key_type`, the type of the API key.",
      "Claims are those that `display_actor` keeps, but for pseudonyms, and they do not count where the"
        + " event is flagged `untrusted_issuer`. An e-mail address is the claim `email` or, without one, an"
        + " actor that is a bare name of that form; never the name of a key, which anybody can choose.",
    ],
    settings: [
      SettingManual(
        "rules", "objects { kind, and conditions }", standard: nil,
        "What makes an actor what: [{ kind: \"internal\", email_domain: \"example.com\" }].")
    ],
    example: "{ stage: \"classify\", rules: [{ kind: \"external\", source: \"github\" }] }",
    reads: ["actor", "address", "attribution.claims", "attribution.api_key"],
    writes: ["attribution.kind"])

  /// Reads the settings.
  public static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    if settings.value("rules") == nil { _ = try settings.string("rules") }
    let entries = try settings.objects("rules")
    guard entries.count <= mostRules else {
      throw settings.error("rules", "are more than \(mostRules) (max_rules)")
    }
    var claims = PointerTable()
    let email = claims.slot(try member("email"))
    var rules: [ActorRule] = []
    for entry in entries { rules.append(try ActorRule(entry, context, &claims)) }
    let label = context.label(named: "kind", classes: Kind.allCases.map(\.rawValue))
    return [
      .pure(
        ClassifyStage(
          dialect: context.boundDialect, rules: rules, claims: PointerSet(claims.pointers),
          email: email, label: label))
    ]
  }

  /// The pointer to a member of an object by its name.
  static func member(_ name: String) throws -> JSONPointer {
    try JSONPointer(
      "/" + name.replacing("~", with: "~0").replacing("/", with: "~1"))
  }
}

private struct ClassifyStage: PureStage, Explaining {
  let dialect: BoundDialect
  let rules: [ActorRule]
  let claims: PointerSet
  let email: Int
  let label: Int

  /// What one event tells, gathered once for all rules.
  private struct Facts: ~Copyable {
    let scanner: Scanner
    var fields: FlatArray<Field>
    var keyFields: FlatArray<Field>
    let keyScanner: Scanner
    var value = ByteBuffer(capacity: 128)
    var domain = ByteBuffer(capacity: 64)
    var hasDomain = false
    var source = Span32.empty
    var address: AddressBlock.Address?

    init(_ claims: PointerSet) {
      scanner = Scanner(claims)
      fields = FlatArray(capacity: max(claims.count, 1))
      fields.append(repeating: .missing, count: max(claims.count, 1))
      keyScanner = Scanner(ClassifyStage.keyType)
      keyFields = FlatArray(capacity: 1)
      keyFields.append(.missing)
    }
  }

  private static let keyType = PointerSet((try? [JSONPointer("/type")]) ?? [])

  func process(_ batch: Batch, step: Int) {
    var facts = Facts(claims)
    var spans: [Span32] = []
    for kind in Classify.Kind.allCases {
      let at = batch.bytes.count
      JSONString.append(quoting: kind.rawValue, to: &batch.bytes)
      spans.append(Span32(at, count: batch.bytes.count - at))
    }
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let kind = rule(batch, index, &facts).map { rules[$0].kind } ?? .unknown
      batch.setSlot(AddedSlot.kind.rawValue, of: index, spans[kind.ordinal])
      batch.setLabel(label, of: index, kind.ordinal + 1)
    }
  }

  /// The first rule that holds.
  private func rule(_ batch: Batch, _ index: Int, _ facts: inout Facts) -> Int? {
    read(batch, index, &facts)
    for number in rules.indices where holds(rules[number], batch, index, &facts) { return number }
    return nil
  }

  private func read(_ batch: Batch, _ index: Int, _ facts: inout Facts) {
    let flags = AttributionFlags(rawValue: batch.records[index].flags)
    let claims = batch.slot(AddedSlot.claims.rawValue, of: index)
    for slot in 0..<facts.fields.count { facts.fields[slot] = .missing }
    if !claims.isEmpty, !flags.contains(.untrustedIssuer),
      let target = facts.fields.elements.baseAddress
    {
      _ = facts.scanner.scan(batch.bytes[claims], fields: target)
    }
    facts.keyFields[0] = .missing
    let key = batch.slot(AddedSlot.apiKey.rawValue, of: index)
    if !key.isEmpty, let target = facts.keyFields.elements.baseAddress {
      _ = facts.keyScanner.scan(batch.bytes[key], fields: target)
    }
    let actor = EventActor(dialect, batch, index)
    facts.source = actor.actor.source
    readDomain(actor, batch, index, &facts)
    facts.address = dialect.scalar(.address, batch, index).flatMap {
      AddressBlock.Address(batch.bytes[$0])
    }
  }

  private func readDomain(
    _ actor: EventActor, _ batch: Batch, _ index: Int, _ facts: inout Facts
  ) {
    facts.domain.removeAll()
    facts.value.removeAll()
    if appendClaim(email, batch, index, &facts) {
      facts.hasDomain = ClassifyStage.appendDomain(of: facts.value.view, to: &facts.domain)
    } else if actor.text != nil, actor.actor.source.isEmpty {
      facts.hasDomain = ClassifyStage.appendDomain(
        of: batch.bytes[actor.actor.id], to: &facts.domain)
    } else {
      facts.hasDomain = false
    }
  }

  /// Appends what stands behind the one `@`, in lower case; false if `text` is no address: if there is nothing
  /// before it, or what stands behind is no name of a host, of letters, digits, hyphens and dots.
  private static func appendDomain(of text: ByteView, to domain: inout ByteBuffer) -> Bool {
    guard let at = text.firstIndex(of: UInt8(ascii: "@")), at > 0, at + 1 < text.count else {
      return false
    }
    for byte in text[(at + 1)...] {
      let isLetter = (byte | 0x20) &- 0x61 < 26 || byte >= 0x80
      guard
        isLetter || byte &- 0x30 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      else { return false }
      domain.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
    }
    return true
  }

  /// Puts a claim's text into `value`; false if it is not there, or a pseudonym.
  private func appendClaim(
    _ slot: Int, _ batch: Batch, _ index: Int, _ facts: inout Facts
  ) -> Bool {
    let field = facts.fields[slot]
    guard field.kind != .missing else { return false }
    let claims = batch.bytes[batch.slot(AddedSlot.claims.rawValue, of: index)]
    facts.value.removeAll()
    ClassifyStage.append(field, of: claims, to: &facts.value)
    return !Pseudonym.isOne(facts.value.view)
  }

  private static func append(_ field: Field, of text: ByteView, to value: inout ByteBuffer) {
    let span = field.kind == .string ? field.content : field.span
    let written = ByteView(rebasing: text[Int(span.start)..<span.end])
    if field.isEscaped { JSONString.unescape(written, into: &value) } else { value.append(written) }
  }

  // MARK: Conditions

  private func holds(
    _ rule: ActorRule, _ batch: Batch, _ index: Int, _ facts: inout Facts
  ) -> Bool {
    for (slot, globs) in rule.claims {
      guard appendClaim(slot, batch, index, &facts),
        globs.contains(where: { $0.matches(facts.value.view) })
      else { return false }
    }
    if let domains = rule.emailDomains {
      guard facts.hasDomain, domains.contains(where: { $0.matches(facts.domain.view) }) else {
        return false
      }
    }
    if let sources = rule.sources {
      let source = batch.bytes[facts.source]
      guard sources.contains(where: { source.elementsEqual($0) }) else { return false }
    }
    if let blocks = rule.blocks {
      guard let address = facts.address, blocks.contains(where: { $0.contains(address) }) else {
        return false
      }
    }
    if let types = rule.keyTypes {
      guard facts.keyFields[0].kind == .string else { return false }
      facts.value.removeAll()
      let key = batch.bytes[batch.slot(AddedSlot.apiKey.rawValue, of: index)]
      ClassifyStage.append(facts.keyFields[0], of: key, to: &facts.value)
      guard types.contains(where: { facts.value.view.elementsEqual($0) }) else { return false }
    }
    return true
  }

  // MARK: Telling

  func explain(_ batch: Batch, _ index: Int) -> [String] {
    guard batch.records[index].verdict == .keep else { return [] }
    var facts = Facts(claims)
    guard let rule = rule(batch, index, &facts) else { return ["no rule holds: unknown"] }
    return ["rule \(rule + 1) holds: \(rules[rule].kind.rawValue)"]
  }

  func facts(_ batch: Batch, _ index: Int) -> [(name: String, json: String)] {
    guard batch.records[index].verdict == .keep else { return [] }
    var facts = Facts(claims)
    let rule = rule(batch, index, &facts)
    return [
      ("kind", batch.string(batch.slot(AddedSlot.kind.rawValue, of: index))),
      ("rule", rule.map { "\($0 + 1)" } ?? "null"),
    ]
  }
}

extension Classify.Kind {
  fileprivate var ordinal: Int {
    switch self {
    case .internal: 0
    case .external: 1
    case .automation: 2
    case .unknown: 3
    }
  }
}
