internal import Bytes
public import Engine
internal import JSONText
public import Settings
internal import Trail

/// Says who acted, for people, and how that is known.
public enum DisplayActor: StageDefinition {
  /// What is shown where no claim is.
  enum Fallback: String, CaseIterable {
    case keyName = "key_name"
    case keyID = "key_id"
    case actor
  }

  /// Its reference.
  public static let manual = StageManual(
    name: "display_actor",
    summary: "Adds who really acted: from the claims of the token, or the key, or the actor.",
    details: [
      "Claims are those in the event itself, or those of the token that the event names, if it is"
        + " one of the key that the event names. The first policy whose issuer fits decides, and of"
        + " its candidates the first that is there. A claim is looked up by its exact name, then, if"
        + " that begins with `/`, as a JSON Pointer; null, \"\", an object or an array count as"
        + " missing. A template, `{repository}@{ref}`, is missing if one of its claims is.",
      "`from` says what is shown: `claim:NAME`, `template:TEXT`, `key_name`, `key_id` or `actor`."
        + " `match` says where the claims came from: `embedded` (the event), `token` (the store),"
        + " `none`, or `not_applicable` for an actor that is no API key.",
      "Control characters and those that change the direction of writing are shown as U+FFFD, and"
        + " more than 256 characters are not shown.",
    ],
    settings: [
      SettingManual(
        "claims", "path", standard: "none",
        "The claim store: rows of `key_id`, `token_id` or `jti`, `iat`, `exp`, `claims`."),
      SettingManual(
        "policies", "objects { issuer, show }", standard: "none",
        "What to show for tokens of an issuer (without one: of any): claims and templates, the best"
          + " first."),
      SettingManual(
        "fallback", "any of \"key_name\", \"key_id\", \"actor\"",
        standard: "[\"key_name\", \"key_id\", \"actor\"]", "What to show where no claim is there."),
      SettingManual("retain", "names of claims", standard: "none", "The claims that are kept."),
      SettingManual(
        "skew", "duration", standard: "\"60s\"",
        "By how much the event's clock and the issuer's may differ."),
    ],
    example: "{ stage: \"display_actor\", claims: \"claims.ndjson\","
      + " policies: [{ show: [\"email\", \"sub\"] }], retain: [\"iss\", \"sub\"] }",
    reads: ["actor", "key", "token", "claims", "time", "attribution.api_key"],
    writes: [
      "attribution.display_actor", "attribution.from", "attribution.match", "attribution.actor",
      "attribution.claims", "attribution.token",
    ])

  /// Reads the settings.
  public static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    let policies = try policies(settings)
    let skew = try settings.duration("skew", default: 60, range: 0...86_400)
    var store: ClaimStore?
    if let path = try settings.optionalString("claims") {
      var loader = ClaimStoreLoader(policies)
      try context.read(path, of: "claims", settings) { row, line in
        try loader.add(row, line: line)
      }
      store = loader.finish()
    }
    return [
      .pure(
        DisplayStage(
          dialect: context.boundDialect, policies: policies, store: store,
          fallbacks: try fallbacks(settings), skew: Int64(skew) * 1_000_000))
    ]
  }

  private static func policies(_ settings: Settings) throws(SettingsError) -> DisplayPolicies {
    var policies: [DisplayPolicies.Policy] = []
    for entry in try settings.objects("policies") {
      let policy = DisplayPolicies.Policy(
        issuer: try entry.optionalString("issuer"), show: try entry.strings("show"))
      do {
        _ = try DisplayPolicies([policy], retain: [])
      } catch {
        throw entry.error("show", "has a wrong candidate: \(error)")
      }
      policies.append(policy)
    }
    do {
      return try DisplayPolicies(policies, retain: try settings.strings("retain", default: []))
    } catch let error as SettingsError {
      throw error
    } catch {
      throw settings.error("retain", "has a wrong name: \(error)")
    }
  }

  private static func fallbacks(_ settings: Settings) throws(SettingsError) -> [Fallback] {
    var fallbacks: [Fallback] = []
    let names = Fallback.allCases.map(\.rawValue)
    for name in try settings.strings("fallback", default: names) {
      guard let fallback = Fallback(rawValue: name) else {
        let hint = nearest(name, in: names).map { ": did you mean \"\($0)\"?" } ?? ""
        throw settings.error("fallback", "does not know \"\(name)\"\(hint)")
      }
      fallbacks.append(fallback)
    }
    return fallbacks
  }
}

/// How claims came to an event; the order is that of `Phrases`.
private enum ClaimMatch: Int, CaseIterable {
  case embedded, token, none
  case notApplicable

  var name: String { self == .notApplicable ? "not_applicable" : "\(self)" }
}

/// The few values of `from` and `match`, as JSON strings end to end. Each batch gets one copy, into
/// which all of its records point.
private struct Phrases: Sendable {
  let text: [UInt8]
  private let spans: [Span32]

  init(_ origins: [String]) {
    var buffer = ByteBuffer()
    var spans: [Span32] = []
    for phrase in ClaimMatch.allCases.map(\.name) + DisplayActor.Fallback.allCases.map(\.rawValue)
      + origins
    {
      let start = buffer.count
      JSONString.append(quoting: phrase, to: &buffer)
      spans.append(Span32(start, count: buffer.count - start))
    }
    text = buffer.bytes
    self.spans = spans
  }

  func match(_ match: ClaimMatch, at base: UInt32) -> Span32 { span(match.rawValue, base) }

  func fallback(_ fallback: DisplayActor.Fallback, at base: UInt32) -> Span32 {
    switch fallback {
    case .keyName: span(ClaimMatch.allCases.count, base)
    case .keyID: span(ClaimMatch.allCases.count + 1, base)
    case .actor: span(ClaimMatch.allCases.count + 2, base)
    }
  }

  func origin(_ candidate: Int32, at base: UInt32) -> Span32 {
    span(ClaimMatch.allCases.count + DisplayActor.Fallback.allCases.count + Int(candidate), base)
  }

  private func span(_ index: Int, _ base: UInt32) -> Span32 {
    Span32(start: spans[index].start + base, count: spans[index].count)
  }
}

private struct DisplayStage: PureStage, Explaining {
  let dialect: BoundDialect
  let policies: DisplayPolicies
  let store: ClaimStore?
  let fallbacks: [DisplayActor.Fallback]
  let skew: Int64
  let phrases: Phrases

  /// What an event says about who made it.
  struct Subject {
    var actor: Span32?
    var key: Span32?
  }

  init(
    dialect: BoundDialect, policies: DisplayPolicies, store: ClaimStore?,
    fallbacks: [DisplayActor.Fallback], skew: Int64
  ) {
    self.dialect = dialect
    self.policies = policies
    self.store = store
    self.fallbacks = fallbacks
    self.skew = skew
    phrases = Phrases(policies.origins)
  }

  func process(_ batch: Batch, step: Int) {
    let base = UInt32(batch.bytes.count)
    batch.bytes.append(phrases.text)
    var reader = ClaimReader(policies)
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let subject = subject(batch, index)
      let match = applyClaims(subject, batch, index, base, &reader)
      batch.setSlot(AddedSlot.match.rawValue, of: index, phrases.match(match, at: base))
      if batch.slot(AddedSlot.displayActor.rawValue, of: index).isEmpty {
        applyFallback(subject, batch, index, base)
      }
    }
  }

  /// The actor and the key: what a stage before found out, or else what the event says.
  private func subject(_ batch: Batch, _ index: Int) -> Subject {
    let known = batch.slot(AddedSlot.keyID.rawValue, of: index)
    if !known.isEmpty { return Subject(actor: nil, key: known) }
    let event = EventActor(dialect, batch, index)
    if batch.slot(AddedSlot.actor.rawValue, of: index).isEmpty { batch.addActor(event, to: index) }
    return Subject(actor: event.text, key: event.key)
  }

  // MARK: Claims

  private func applyClaims(
    _ subject: Subject, _ batch: Batch, _ index: Int, _ base: UInt32, _ reader: inout ClaimReader
  ) -> ClaimMatch {
    if let claims = dialect.field(.claims, batch, index), claims.kind == .object {
      applyEmbedded(batch.absolute(claims.span, of: index), batch, index, base, &reader)
      return .embedded
    }
    guard let key = subject.key else { return .notApplicable }
    guard let store, let token = dialect.scalar(.token, batch, index), !token.isEmpty else {
      return .none
    }
    switch store.find(token: batch.bytes[token], key: batch.bytes[key]) {
    case .row(let row):
      apply(row, store, batch, index, base)
      return .token
    case .unknown: batch.records[index].flags |= AttributionFlags.tokenUnknown.rawValue
    case .ofOtherKey: batch.records[index].flags |= AttributionFlags.tokenOfOtherKey.rawValue
    }
    return .none
  }

  private func apply(
    _ row: ClaimStore.Row, _ store: ClaimStore, _ batch: Batch, _ index: Int, _ base: UInt32
  ) {
    var at = UInt32(batch.bytes.count)
    store.append(row, to: &batch.bytes)
    set(.displayActor, row.displayCount, &at, batch, index)
    set(.claims, row.claimsCount, &at, batch, index)
    set(.token, row.tokenCount, &at, batch, index)
    if row.candidate >= 0 {
      let origin = phrases.origin(row.candidate, at: base)
      batch.setSlot(AddedSlot.from.rawValue, of: index, origin)
    }
    batch.records[index].flags |= row.flags
    let time = batch.records[index].time
    guard time != Record.noTime else { return }
    batch.records[index].flags |= ClaimStore.flags(of: row, at: time, skew: skew)
  }

  @inline(__always) private func set(
    _ slot: AddedSlot, _ count: UInt32, _ at: inout UInt32, _ batch: Batch, _ index: Int
  ) {
    if count > 0 { batch.setSlot(slot.rawValue, of: index, Span32(start: at, count: count)) }
    at += count
  }

  private func applyEmbedded(
    _ claims: Span32, _ batch: Batch, _ index: Int, _ base: UInt32, _ reader: inout ClaimReader
  ) {
    guard let reading = reader.read(batch.bytes[claims]) else { return }
    let start = UInt32(batch.bytes.count)
    batch.bytes.append(reader.output.view)
    if reading.candidate >= 0 {
      var display = reading.display
      display.start += start
      batch.setSlot(AddedSlot.displayActor.rawValue, of: index, display)
      let origin = phrases.origin(reading.candidate, at: base)
      batch.setSlot(AddedSlot.from.rawValue, of: index, origin)
    }
    if !reading.retained.isEmpty {
      var retained = reading.retained
      retained.start += start
      batch.setSlot(AddedSlot.claims.rawValue, of: index, retained)
    }
    batch.records[index].flags |= reading.flags
  }

  // MARK: Without claims

  private func applyFallback(
    _ subject: Subject, _ batch: Batch, _ index: Int, _ base: UInt32
  ) {
    for fallback in fallbacks {
      guard let text = text(fallback, subject, batch, index), !text.isEmpty else { continue }
      let start = batch.bytes.count
      // Neither quoting nor cleaning makes more than six bytes of one: the text stays where it is.
      batch.bytes.reserve(Int(text.count) * 6 + 2)
      let view = batch.bytes[text]
      if DisplayText.append(view, to: &batch.bytes) {
        batch.records[index].flags |= AttributionFlags.displayCleaned.rawValue
      }
      batch.setSlot(
        AddedSlot.displayActor.rawValue, of: index,
        Span32(start, count: batch.bytes.count - start))
      batch.setSlot(AddedSlot.from.rawValue, of: index, phrases.fallback(fallback, at: base))
      return
    }
  }

  /// What the fallback would show, as text in `batch.bytes`.
  private func text(
    _ fallback: DisplayActor.Fallback, _ subject: Subject, _ batch: Batch, _ index: Int
  ) -> Span32? {
    switch fallback {
    case .keyID: return subject.key
    case .actor: return subject.actor ?? dialect.scalar(.actor, batch, index)
    case .keyName:
      let quoted = batch.slot(AddedSlot.keyName.rawValue, of: index)
      guard quoted.count > 2 else { return nil }
      let content = Span32(start: quoted.start + 1, count: quoted.count - 2)
      let isEscaped = batch.bytes[content].contains(UInt8(ascii: "\\"))
      return isEscaped ? batch.unescaped(content) : content
    }
  }

  // MARK: Telling

  func explain(_ batch: Batch, _ index: Int) -> [String] {
    guard batch.records[index].verdict == .keep else { return [] }
    var story = [claimStory(batch, index)]
    let display = batch.slot(AddedSlot.displayActor.rawValue, of: index)
    let from = batch.slot(AddedSlot.from.rawValue, of: index)
    if display.isEmpty {
      story.append("nothing to show: neither a claim nor a fallback is there")
    } else {
      story.append("shown: \(batch.string(display)) from \(batch.string(from))")
    }
    for (bit, name) in AttributionFlags.names.enumerated()
    where batch.records[index].flags & 1 << UInt32(bit) != 0 { story.append("flag: \(name)") }
    return story
  }

  private func claimStory(_ batch: Batch, _ index: Int) -> String {
    if let claims = dialect.field(.claims, batch, index), claims.kind == .object {
      var reader = ClaimReader(policies)
      let reading = reader.read(batch.bytes[batch.absolute(claims.span, of: index)])
      return "claims in the event: " + candidateStory(reading?.candidate ?? -1)
    }
    guard let key = subject(batch, index).key else {
      return "the actor is no API key, so there are no claims to look for"
    }
    guard let token = dialect.scalar(.token, batch, index), !token.isEmpty else {
      return "the event names no token"
    }
    guard let store else { return "the definition names no claim store" }
    let name = batch.string(token)
    switch store.find(token: batch.bytes[token], key: batch.bytes[key]) {
    case .row(let row): return "token \(name) of this key: " + candidateStory(row.candidate)
    case .unknown: return "token \(name) is not in the claim store"
    case .ofOtherKey: return "token \(name) belongs to another key, so its claims do not count"
    }
  }

  private func candidateStory(_ candidate: Int32) -> String {
    candidate >= 0
      ? policies.story(of: Int(candidate))
      : "no policy fits the issuer, or all of its candidates are missing"
  }
}
