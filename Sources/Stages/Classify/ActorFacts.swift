internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

/// What one event tells of its actor, gathered once for all conditions.
struct ActorFacts: ~Copyable {
  /// Which claims are asked for.
  struct Plan: Sendable {
    let dialect: BoundDialect
    let claims: PointerSet
    /// The slots of the claims that hold an e-mail address, the surest first.
    let emails: [Int]
  }

  private static let keyType = PointerSet([JSONPointer(literal: "/type")])

  private let plan: Plan
  private let scanner: Scanner
  private var fields: FlatArray<Field>
  private var keyFields: FlatArray<Field>
  private let keyScanner: Scanner
  private var value = ByteBuffer(capacity: 128)
  private var domain = ByteBuffer(capacity: 64)
  private var hasDomain = false
  private var source = Span32.empty
  private var address: AddressBlock.Address?

  init(_ plan: Plan) {
    self.plan = plan
    scanner = Scanner(plan.claims)
    fields = FlatArray(capacity: max(plan.claims.count, 1))
    fields.append(repeating: .missing, count: max(plan.claims.count, 1))
    keyScanner = Scanner(ActorFacts.keyType)
    keyFields = FlatArray(capacity: 1)
    keyFields.append(.missing)
  }

  /// Gathers what record `index` tells.
  mutating func read(_ batch: Batch, _ index: Int) {
    let flags = AttributionFlags(rawValue: batch.records[index].flags)
    let claims = batch[.claims, index]
    for slot in 0..<fields.count { fields[slot] = .missing }
    if !claims.isEmpty, !flags.contains(.untrustedIssuer),
      let target = fields.elements.baseAddress
    {
      _ = scanner.scan(batch.bytes[claims], fields: target)
    }
    keyFields[0] = .missing
    let key = batch[.apiKey, index]
    if !key.isEmpty, let target = keyFields.elements.baseAddress {
      _ = keyScanner.scan(batch.bytes[key], fields: target)
    }
    let actor = EventActor(plan.dialect, batch, index)
    source = actor.actor.source
    readDomain(actor, batch, index)
    address = plan.dialect.scalar(.address, batch, index).flatMap {
      AddressBlock.Address(batch.bytes[$0])
    }
  }

  private mutating func readDomain(
    _ actor: EventActor, _ batch: Batch, _ index: Int
  ) {
    var hasClaim = false
    for (place, slot) in plan.emails.enumerated() where appendClaim(slot, batch, index) {
      domain.removeAll()
      hasDomain = ActorFacts.appendDomain(of: value.view, to: &domain)
      if hasDomain { return }
      if place == 0 { hasClaim = true }
    }
    domain.removeAll()
    hasDomain = false
    if hasClaim { return }
    if actor.text != nil, actor.actor.source.isEmpty {
      hasDomain = ActorFacts.appendDomain(
        of: batch.bytes[actor.actor.id], to: &domain)
    }
  }

  /// Appends what stands behind the one `@`, in lower case; false if `text` is no address: if there is
  /// nothing before it, or what stands behind is no name of a host, of letters, digits, hyphens and dots.
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
  private mutating func appendClaim(
    _ slot: Int, _ batch: Batch, _ index: Int
  ) -> Bool {
    value.removeAll()
    let claims = batch.bytes[batch[.claims, index]]
    guard fields[slot].appendText(in: claims, to: &value) else { return false }
    return !Pseudonym.isOne(value.view)
  }

  /// Whether claims that are kept are what is required.
  private mutating func areClaims(
    _ required: [(slot: Int, values: [RequiredClaim.Value])], _ batch: Batch, _ index: Int
  ) -> Bool {
    let claims = batch.bytes[batch[.claims, index]]
    for (slot, values) in required {
      let field = fields[slot]
      guard values.contains(where: { $0.holds(field, in: claims, scratch: &value) }) else {
        return false
      }
    }
    return !required.isEmpty
  }

  /// Whether all conditions hold for record `index`, which was read.
  mutating func holds(
    _ rule: ActorConditions, _ batch: Batch, _ index: Int
  ) -> Bool {
    if let (slot, patterns) = rule.issuers {
      guard appendClaim(slot, batch, index), patterns.contains(where: { $0.matches(value.view) })
      else { return false }
    }
    if let required = rule.required, !areClaims(required, batch, index) { return false }
    for (slot, globs) in rule.claims {
      guard appendClaim(slot, batch, index),
        globs.contains(where: { $0.matches(value.view) })
      else { return false }
    }
    if let domains = rule.emailDomains {
      guard hasDomain, domains.contains(where: { $0.matches(domain.view) }) else {
        return false
      }
    }
    if let sources = rule.sources {
      let source = batch.bytes[source]
      guard sources.contains(where: { source.elementsEqual($0) }) else { return false }
    }
    if let blocks = rule.blocks {
      guard let address = address, blocks.contains(where: { $0.contains(address) }) else {
        return false
      }
    }
    if let types = rule.keyTypes {
      guard keyFields[0].kind == .string else { return false }
      value.removeAll()
      let key = batch.bytes[batch[.apiKey, index]]
      keyFields[0].appendText(in: key, to: &value)
      guard types.contains(where: { value.view.elementsEqual($0) }) else { return false }
    }
    return true
  }
}
