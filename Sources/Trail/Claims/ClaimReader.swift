internal import Crypto
public import Bytes
internal import JSONText

/// Renders claims under display policies, one object after the other. One for each worker.
public struct ClaimReader: ~Copyable {
  let policies: DisplayPolicies
  private let scanner: Scanner
  private var fields: FlatArray<Field>
  private var text = ByteBuffer(capacity: 256)
  private var shown = ByteBuffer(capacity: 256)
  private var taken = ByteBuffer(capacity: 256)
  private var parts = FlatArray<Span32>(capacity: ValuePattern.mostParts)
  private var issuer = ByteBuffer(capacity: 64)
  private var variants = FlatArray<Variant>(capacity: 4)
  private var output = ByteBuffer(capacity: 1024)
  private var tokens = TokenText()
  /// The token's id where it, or another claim, is or holds a token; empty otherwise.
  private var tokenID = ByteBuffer()
  private let members = Scanner(.everyElement)
  private var isVerified = true
  /// Which claims that the policies name were there.
  public private(set) var seen: SeenClaims

  /// A reader that applies `policies`.
  public init(_ policies: DisplayPolicies) {
    self.policies = policies
    seen = SeenClaims(policies)
    scanner = Scanner(policies.pointers)
    fields = FlatArray(capacity: policies.pointers.count)
    fields.append(repeating: .missing, count: policies.pointers.count)
  }

  /// Reads `claims` of a token of the key with the id `key` (empty if there is no key); false if that is
  /// no JSON object. What is not `isVerified` is nobody's word: no issuer vouches for it.
  public mutating func read(
    _ claims: ByteView, key: ByteView, isVerified: Bool = true
  ) -> Bool {
    self.isVerified = isVerified
    guard let target = fields.elements.baseAddress else { return false }
    let scan = scanner.scanWhole(claims, fields: target)
    guard scan.fault == .none, scan.kind == .object else { return false }
    seen.take(claims, members) { number in
      let claim = policies.named[number]
      return claim.exact.map { target[$0].kind != .missing } ?? false
        || claim.pointed.map { target[$0].kind != .missing } ?? false
    }
    text.removeAll()
    tokenID.removeAll()
    let hasTokens = tokens.find(in: claims, isJSON: true)
    guard hasTokens || tokens.hasNameless else {
      text.append(claims)
      render(key)
      return true
    }
    field(policies.token)?.appendText(in: claims, to: &tokenID)
    let hidden = namelessFields
    // A token among the claims is never shown and never kept: from here on it is not there. Nor is a value of
    // which too little is left to tell it from others.
    tokens.append(claims, to: &text)
    if hasTokens { _ = scanner.scanWhole(text.view, fields: target) }
    for slot in hidden { target[slot] = .missing }
    render(key)
    return true
  }

  /// The strings among the fields that hold a token that what is left of it does not tell from others.
  private var namelessFields: [Int] {
    guard tokens.hasNameless else { return [] }
    var slots: [Int] = []
    for slot in 0..<fields.count
    where fields[slot].kind == .string && tokens.hasNameless(in: fields[slot].span) {
      slots.append(slot)
    }
    return slots
  }

  /// Takes note of a token without claims.
  mutating func readNone() { seen.takeNone() }

  /// What the last claims come to; valid until the next are read.
  public var rendering: ClaimRendering { ClaimRendering(output.view) }

  /// The last claims, without tokens.
  var claims: ByteView { text.view }

  /// The bytes of `rendering`.
  var renderingBytes: ByteView { output.view }

  // MARK: Claims

  /// Whether a claim of the last object is there, and where: its exact name before the pointer.
  private func field(_ claim: BoundClaim) -> Field? {
    ClaimReader.usable(place(of: claim))
  }

  func place(of claim: BoundClaim) -> Field {
    if let exact = claim.exact, fields[exact].kind != .missing { return fields[exact] }
    return claim.pointed.map { fields[$0] } ?? .missing
  }

  private static func usable(_ field: Field) -> Field? {
    switch field.kind {
    case .string: field.count > 2 ? field : nil
    case .number, .true, .false: field
    case .missing, .null, .object, .array: nil
    }
  }

  private mutating func readIssuer() {
    issuer.removeAll()
    guard let field = field(policies.issuer), field.kind == .string else { return }
    field.appendText(in: text.view, to: &issuer)
  }

  private func isIssuer(among issuers: [IssuerPattern]) -> Bool {
    for candidate in issuers where issuer.count > 0 && candidate.matches(issuer.view) {
      return true
    }
    return false
  }

  /// Whether the claims are what is required; so they are if nothing was said.
  private mutating func areClaims(_ required: BoundRequirements?) -> Bool {
    guard let required else { return true }
    for (claim, values) in required.claims {
      guard let field = field(claim) else { return false }
      var isOne = false
      for value in values where !isOne {
        isOne = value.holds(field, in: text.view, scratch: &taken)
      }
      if !isOne { return false }
    }
    return !required.claims.isEmpty
  }

  private mutating func isTrusted(by trusted: [BoundTrust]) -> Bool {
    guard isVerified else { return false }
    for entry in trusted where isIssuer(among: entry.issuers) {
      if areClaims(entry.required) { return true }
    }
    return false
  }

  // MARK: Rendering

  private mutating func render(_ key: ByteView) {
    output.removeAll()
    readIssuer()
    findVariants(key)
    var isTrusted = true
    if let trusted = policies.trustedIssuers { isTrusted = self.isTrusted(by: trusted) }
    let header =
      ClaimRendering.headerCount + variants.count * ClaimRendering.variantCount
    output.append(repeating: 0, count: header)
    retain()
    output.store(UInt32(output.count - header), at: 0)
    output.store(UInt16(variants.count), at: 4)
    let flags: AttributionFlags = isTrusted ? [] : .untrustedIssuer
    output.store(UInt16(truncatingIfNeeded: flags.rawValue), at: 6)
    for index in 0..<variants.count {
      let at = ClaimRendering.headerCount + index * ClaimRendering.variantCount
      show(variants[index], isTrusted, at)
    }
  }

  struct Variant: BitwiseCopyable {
    var policy: Int
    var asksForName: Bool
  }

  /// The policies that can be the first to fit, and whether they still ask for the key's name.
  private mutating func findVariants(_ key: ByteView) {
    variants.removeAll()
    for (index, policy) in policies.policies.enumerated() {
      guard policy.issuers.map({ isIssuer(among: $0) }) ?? true, areClaims(policy.required) else {
        continue
      }
      let asksForName =
        policy.keys.map { keys in key.isEmpty || !keys.contains { $0.matches(key) } } ?? false
      if asksForName && key.isEmpty { continue }
      variants.append(Variant(policy: index, asksForName: asksForName))
      if !asksForName && policy.accounts == nil { break }
    }
  }

  /// Appends what is shown under a variant, and completes its place in the header.
  private mutating func show(_ variant: Variant, _ isTrusted: Bool, _ header: Int) {
    let policy = policies.policies[variant.policy]
    var isTrusted = isTrusted
    if let trusted = policy.trustedIssuers { isTrusted = self.isTrusted(by: trusted) }
    var candidate = -1
    var flags: AttributionFlags = isTrusted ? [] : .untrustedIssuer
    let start = output.count
    var shownEnd = start
    if isTrusted, let found = policy.candidates.first(where: { compose(policies.candidates[$0]) }) {
      candidate = found
      let isCleaned = DisplayText.append(shown.view, to: &output)
      shownEnd = output.count
      if isCleaned {
        flags.insert(.displayCleaned)
        SHA256.digest(shown.view).withBytes { output.append($0) }
      }
      if shown.view.lacksCharacter { appendInexact(policies.candidates[found]) }
      if DisplayText.imitatesActor(shown.view) { flags.insert(.imitatesActor) }
    }
    output.store(Int16(variant.policy), at: header)
    output.store(Int16(candidate), at: header + 2)
    output.store(
      flags.rawValue | (variant.asksForName ? ClaimRendering.asksForName : 0), at: header + 4)
    output.store(UInt32(shownEnd - start), at: header + 8)
    output.store(UInt32(output.count - shownEnd), at: header + 12)
  }

  /// Appends what tells the claims of a candidate from others that become the same text, where they hold what
  /// no UTF-8 can say: a digest of them as they are written.
  private mutating func appendInexact(_ candidate: BoundCandidate) {
    taken.removeAll()
    for claim in candidate.claims {
      if let field = field(claim), !isExact(field) { taken.append(text[field.span]) }
    }
    if taken.count > 0 { SHA256.digest(taken.view).withBytes { output.append($0) } }
  }

  /// False for a string that holds what no UTF-8 can say.
  private func isExact(_ field: Field) -> Bool {
    guard field.kind == .string, field.isEscaped else { return true }
    var exact = ByteBuffer(capacity: Int(field.count))
    return JSONString.unescape(text[field.content], into: &exact)
  }

  /// Puts the candidate's text into `shown`; false if one of its claims is missing or nothing but white
  /// space, a pattern does not fit, or filters leave nothing.
  private mutating func compose(_ candidate: BoundCandidate) -> Bool {
    shown.removeAll()
    if let (claim, pattern) = candidate.taken {
      guard let field = field(claim) else { return false }
      taken.removeAll()
      field.appendText(in: text.view, to: &taken)
      guard pattern.match(taken.view, into: &parts) else { return false }
    }
    for part in candidate.parts {
      let start = shown.count
      switch part {
      case .text(let bytes):
        shown.append(bytes)
        continue
      case .claim(let claim, let filters):
        // A claim that is missing is empty, and stays so unless a filter has a default.
        field(claim)?.appendText(in: text.view, to: &shown)
        for filter in filters { filter.apply(to: &shown, from: start) }
      case .part(let number, let filters):
        shown.append(taken[parts[number]])
        for filter in filters { filter.apply(to: &shown, from: start) }
      }
      if DisplayText.isBlank(ByteView(rebasing: shown.view[start...])) { return false }
    }
    guard let key = candidate.pseudonym else { return cutTokensShown() }
    // Several values would have one pseudonym.
    for claim in candidate.claims {
      if let field = field(claim), !isExact(field) { return false }
    }
    taken.removeAll()
    Pseudonym.append(textOf: shown.view, key: key, to: &taken)
    swap(&shown, &taken)
    return true
  }

  /// Claims are free of tokens, but a filter or a template can put one together. False if that is one of
  /// which too little is left to tell it from others.
  private mutating func cutTokensShown() -> Bool {
    let hasTokens = tokens.find(in: shown.view, isJSON: false)
    guard !tokens.hasNameless else { return false }
    guard hasTokens else { return true }
    // Nothing of what a pattern took is needed once the text is composed.
    taken.removeAll()
    tokens.append(shown.view, to: &taken)
    swap(&shown, &taken)
    return true
  }

  private mutating func retain() {
    let start = output.count
    for retained in policies.retained {
      guard let field = field(retained.claim), retained.pseudonym == nil || isExact(field) else {
        continue
      }
      output.append(output.count == start ? UInt8(ascii: "{") : UInt8(ascii: ","))
      JSONString.append(quoting: retained.target, to: &output)
      output.append(UInt8(ascii: ":"))
      if let pseudonym = retained.pseudonym {
        shown.removeAll()
        field.appendText(in: text.view, to: &shown)
        Pseudonym.append(of: shown.view, key: pseudonym, to: &output)
      } else {
        output.append(text[field.span])
      }
    }
    if output.count > start { output.append(UInt8(ascii: "}")) }
  }

  /// Appends the token's id; false if there is none.
  func appendToken(to buffer: inout ByteBuffer) -> Bool {
    guard tokenID.count == 0 else {
      buffer.append(tokenID.view)
      return true
    }
    guard let field = field(policies.token) else { return false }
    field.appendText(in: text.view, to: &buffer)
    return true
  }
}

extension ByteBuffer {
  fileprivate mutating func append(repeating byte: UInt8, count repeats: Int) {
    reserve(repeats)
    (base + count).update(repeating: byte, count: repeats)
    advance(by: repeats)
  }

  /// Writes a number, little-endian, over bytes that are there.
  fileprivate func store<Number: FixedWidthInteger & BitwiseCopyable>(
    _ number: Number, at offset: Int
  ) {
    UnsafeMutableRawPointer(base).storeBytes(
      of: number.littleEndian, toByteOffset: offset, as: Number.self)
  }
}
