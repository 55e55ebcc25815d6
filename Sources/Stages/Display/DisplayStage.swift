internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

/// The few values of `from` and `match`, as JSON strings end to end. Each batch gets one copy, into
/// which all of its records point.
struct DisplayPhrases: Sendable {
  let text: [UInt8]
  private let spans: [Span32]

  init(_ origins: [String]) {
    var buffer = ByteBuffer()
    var spans: [Span32] = []
    for phrase in ClaimMatch.allCases.map(\.name) + Fallback.allCases.map(\.rawValue) + origins {
      let start = buffer.count
      JSONString.append(quoting: phrase, to: &buffer)
      spans.append(Span32(start, count: buffer.count - start))
    }
    text = buffer.bytes
    self.spans = spans
  }

  func match(_ match: ClaimMatch, at base: UInt32) -> Span32 { span(match.rawValue, base) }

  /// By the class of the label `from`, which counts the fallbacks first, from 1.
  func from(_ origin: Int, at base: UInt32) -> Span32 {
    span(ClaimMatch.allCases.count + origin - 1, base)
  }

  private func span(_ index: Int, _ base: UInt32) -> Span32 {
    Span32(start: spans[index].start + base, count: spans[index].count)
  }
}

struct DisplayStage: PureStage {
  /// Numbers of the labels by which the summary counts.
  struct Labels: Sendable {
    let match: Int
    let from: Int
    let policy: Int
  }

  /// What an event says about who made it.
  struct Subject {
    var actor: Span32?
    /// The key's id, in full if a directory knows it.
    var key: Span32?
  }

  let dialect: BoundDialect
  let policies: DisplayPolicies
  let store: ClaimStore?
  /// What the definition says beside policies and store.
  struct Rules: Sendable {
    var fallbacks: [Fallback]
    var accepted: AcceptedMatches
    /// By how many microseconds clocks may differ.
    var skew: Int64
    var namesCandidates: Bool
    var requiresTokenTime: Bool
  }

  /// What one worker reads claims and events with.
  struct Readers: ~Copyable {
    var claims: ClaimReader
    var conditions: ConditionReader?

    init(_ stage: DisplayStage) {
      claims = ClaimReader(stage.policies)
      if let store = stage.store { conditions = ConditionReader(store) } else { conditions = nil }
    }
  }

  let rules: Rules
  let labels: Labels
  /// Names of keys that could pass for somebody.
  let imitating: ImitatingNames
  /// Which claims were there; nil where nobody is told.
  private let claims: ClaimUse?
  private let phrases: DisplayPhrases

  init(
    dialect: BoundDialect, policies: DisplayPolicies, store: ClaimStore?, rules: Rules,
    labels: Labels, imitating: ImitatingNames, claims: ClaimUse? = nil
  ) {
    self.claims = claims
    self.imitating = imitating
    self.dialect = dialect
    self.policies = policies
    self.store = store
    self.rules = rules
    self.labels = labels
    phrases = DisplayPhrases(policies.origins)
  }

  func process(_ batch: Batch, step: Int) {
    let base = UInt32(batch.bytes.count)
    batch.bytes.append(phrases.text)
    var readers = Readers(self)
    var chain = ClaimChain()
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let subject = subject(batch, index)
      let match = applyClaims(subject, batch, index, base, &readers, &chain)
      addBehalf(subject, batch, index, &chain)
      batch[.match, index] = phrases.match(match, at: base)
      batch.setLabel(labels.match, of: index, match.rawValue + 1)
      if batch[.displayActor, index].isEmpty {
        applyFallback(subject, batch, index, base)
      }
    }
    claims?.add(readers.claims.seen)
  }

  /// The actor and the key: what a stage before found out, or else what the event says.
  func subject(_ batch: Batch, _ index: Int) -> Subject {
    let known = batch[.keyID, index]
    if !known.isEmpty { return Subject(actor: nil, key: known) }
    let event = EventActor(dialect, batch, index)
    if batch[.actor, index].isEmpty { batch.addActor(event, to: index) }
    return Subject(actor: event.text, key: event.key)
  }

  func selector(_ batch: Batch, _ index: Int) -> PolicySelector {
    guard policies.dependOnEvents else { return PolicySelector() }
    let name = keyName(batch, index) ?? .empty
    let account = dialect.scalar(.account, batch, index) ?? .empty
    return policies.selector(keyName: batch.bytes[name], account: batch.bytes[account])
  }

  // MARK: Claims

  private func applyClaims(
    _ subject: Subject, _ batch: Batch, _ index: Int, _ base: UInt32, _ readers: inout Readers,
    _ chain: inout ClaimChain
  ) -> ClaimMatch {
    if let claims = embeddedClaims(batch, index),
      let match = applyEmbedded(claims, subject, batch, index, base, &readers, &chain)
    {
      return match
    }
    guard subject.key != nil || run(batch, index) != nil else { return .notApplicable }
    return withAnswer(subject.key, batch, index, &readers) { answer in
      guard let found = answer else { return subject.key == nil ? .notApplicable : .none }
      let answer = follow(found, batch, index, &chain)
      add(chain, batch, index)
      let isShown = isShown(answer.flags)
      add(answer.display, answer.claims, isShown ? answer.candidate : -1, batch, index, base)
      addToken(answer, batch, index)
      if rules.namesCandidates { addCandidates(answer, batch, index) }
      note(
        answer.policy,
        isShown ? answer.flags : answer.flags & ~AttributionFlags.ofShown.rawValue, batch, index)
      return answer.match
    }
  }

  /// False where the token's time has to fit and does not.
  func isShown(_ flags: UInt32) -> Bool {
    !rules.requiresTokenTime || flags & AttributionFlags.tokenTimeOutside.rawValue == 0
  }

  func embeddedClaims(_ batch: Batch, _ index: Int) -> Span32? {
    rules.accepted.embedded ? dialect.claims(batch, index) : nil
  }

  /// The run that an event names, if the store knows runs; nil if it names none.
  func run(_ batch: Batch, _ index: Int) -> Span32? {
    guard let store, store.hasRuns else { return nil }
    return dialect.scalar(.run, batch, index).flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Hands `use` what the store says, as far as it is accepted, nil if it says nothing; it is valid during
  /// its time. An event without a key may name a run.
  func withAnswer<Result>(
    _ key: Span32?, _ batch: Batch, _ index: Int, _ readers: inout Readers,
    _ use: (ClaimAnswer?) -> Result
  ) -> Result {
    guard let store else { return use(nil) }
    let time = batch.records[index].time
    let token = dialect.scalar(.token, batch, index)
    if let key, let token, !token.isEmpty {
      guard rules.accepted.token else { return use(nil) }
      return use(
        store.find(
          token: batch.bytes[token], key: batch.bytes[key], at: time, selector(batch, index)))
    }
    // What is there, and is no text, names a token all the same.
    func namesToken() -> Bool { token == nil && dialect.field(.token, batch, index) != nil }
    if let run = run(batch, index), key == nil || !namesToken() {
      guard rules.accepted.token else { return use(nil) }
      let answer = store.find(
        run: batch.bytes[run], key: key.map { batch.bytes[$0] }, at: time, selector(batch, index))
      return use(key == nil && answer.match == .none ? nil : answer)
    }
    guard let key, policies.infers, rules.accepted.infers, !namesToken() else { return use(nil) }
    let selector = selector(batch, index)
    let answer = store.infer(key: batch.bytes[key], at: time, selector)
    guard readers.conditions != nil else { return use(accepted(answer)) }
    return readers.narrow(answer, store, key, batch, index, selector) { use(accepted($0)) }
  }

  /// An answer, if it is accepted.
  private func accepted(_ answer: ClaimAnswer) -> ClaimAnswer? {
    switch answer.match {
    case .sole where !rules.accepted.sole, .agreed where !rules.accepted.agreed,
      .narrowed where !rules.accepted.narrowed:
      nil
    default: answer
    }
  }

  func add(
    _ display: ByteView, _ claims: ByteView, _ candidate: Int, _ batch: Batch, _ index: Int,
    _ base: UInt32
  ) {
    if candidate >= 0 {
      add(display, to: .displayActor, batch, index)
      setFrom(Fallback.allCases.count + candidate + 1, batch, index, base)
    }
    if !claims.isEmpty { add(claims, to: .claims, batch, index) }
  }

  @inline(__always) func add(
    _ text: ByteView, to slot: AddedSlot, _ batch: Batch, _ index: Int
  ) {
    let start = batch.bytes.count
    batch.bytes.append(text)
    batch[slot, index] = Span32(start, count: text.count)
  }

  private func addToken(_ answer: ClaimAnswer, _ batch: Batch, _ index: Int) {
    let start = batch.bytes.count
    store?.appendToken(answer, to: &batch.bytes)
    guard batch.bytes.count > start else { return }
    batch[.token, index] = Span32(start, count: batch.bytes.count - start)
  }

  private func addCandidates(_ answer: ClaimAnswer, _ batch: Batch, _ index: Int) {
    guard answer.candidatesTotal > 0 else { return }
    add(answer.candidates, to: .candidates, batch, index)
    let start = batch.bytes.count
    batch.bytes.append(decimal: answer.candidatesTotal)
    batch[.candidatesTotal, index] = Span32(start, count: batch.bytes.count - start)
  }

  func note(_ policy: Int, _ flags: UInt32, _ batch: Batch, _ index: Int) {
    batch.records[index].flags |= flags
    if policy >= 0 { batch.setLabel(labels.policy, of: index, policy + 1) }
  }

  private func setFrom(_ origin: Int, _ batch: Batch, _ index: Int, _ base: UInt32) {
    batch[.from, index] = phrases.from(origin, at: base)
    batch.setLabel(labels.from, of: index, origin)
  }

  // MARK: Without claims

  private func applyFallback(
    _ subject: Subject, _ batch: Batch, _ index: Int, _ base: UInt32
  ) {
    for fallback in rules.fallbacks {
      guard let text = text(fallback, subject, batch, index),
        !DisplayText.isBlank(batch.bytes[text])
      else { continue }
      let start = batch.bytes.count
      // Neither quoting nor cleaning makes more than six bytes of one: the text stays where it is.
      batch.bytes.reserve(Int(text.count) * 6 + 2)
      let view = batch.bytes[text]
      if DisplayText.append(view, to: &batch.bytes) {
        batch.records[index].flags |= AttributionFlags.displayCleaned.rawValue
      }
      if fallback != .actor, imitating.contains(view, isName: fallback == .keyName) {
        batch.records[index].flags |= AttributionFlags.imitatesActor.rawValue
      }
      batch[.displayActor, index] = Span32(start, count: batch.bytes.count - start)
      return setFrom(1 + fallback.ordinal, batch, index, base)
    }
  }

  /// What the fallback would show, as text in `batch.bytes`.
  private func text(
    _ fallback: Fallback, _ subject: Subject, _ batch: Batch, _ index: Int
  ) -> Span32? {
    switch fallback {
    case .keyID: subject.key
    case .onBehalfOf: dialect.scalar(.onBehalfOf, batch, index)
    case .actor: subject.actor ?? dialect.scalar(.actor, batch, index)
    case .keyName: keyName(batch, index)
    }
  }

  private func keyName(_ batch: Batch, _ index: Int) -> Span32? {
    let quoted = batch[.keyName, index]
    guard quoted.count > 2 else { return nil }
    let content = Span32(start: quoted.start + 1, count: quoted.count - 2)
    let isEscaped = batch.bytes[content].contains(UInt8(ascii: "\\"))
    return isEscaped ? batch.unescaped(content) : content
  }
}

extension DisplayStage.Readers {
  /// See `ClaimStore.narrow`.
  mutating func narrow<Result>(
    _ answer: ClaimAnswer, _ store: ClaimStore, _ key: Span32, _ batch: Batch, _ index: Int,
    _ selector: PolicySelector, _ use: (ClaimAnswer) -> Result
  ) -> Result {
    guard var reader = conditions.take() else { return use(answer) }
    let result = store.narrow(
      answer, key: batch.bytes[key], at: batch.records[index].time,
      body: batch.bytes[batch.records[index].body], selector, &reader, use)
    conditions = consume reader
    return result
  }
}

extension Fallback {
  var ordinal: Int {
    switch self {
    case .keyName: 0
    case .keyID: 1
    case .actor: 2
    case .onBehalfOf: 3
    }
  }
}
