internal import Crypto
internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

/// A set of rules, one bit for each.
struct SignalSet: Equatable, Sendable {
  var bits: UInt64 = 0

  static func rule(_ number: Int) -> SignalSet { SignalSet(bits: 1 << UInt64(number)) }

  var isEmpty: Bool { bits == 0 }

  func contains(_ number: Int) -> Bool { bits >> UInt64(number) & 1 != 0 }

  mutating func formUnion(_ other: SignalSet) { bits |= other.bits }

  mutating func remove(_ number: Int) { bits &= ~(1 << UInt64(number)) }

  // A slot has room for 64 bits.

  init(bits: UInt64 = 0) { self.bits = bits }

  init(_ slot: Span32) { bits = UInt64(slot.start) | UInt64(slot.count) << 32 }

  var slot: Span32 {
    Span32(start: UInt32(truncatingIfNeeded: bits), count: UInt32(truncatingIfNeeded: bits >> 32))
  }
}

/// What both steps of `flag_signals` know.
struct SignalPlan: Sendable {
  let rules: [SignalRule]
  let dialect: BoundDialect
  let trail: TrailRules
  let keyChanges: KeyChangeRules
  let finder: KeyChangeFinder
  /// Refutes most events for all conditions about the trail and about keys.
  let gate: ConditionGate
  let directory: KeyDirectory?
  /// Steps by which deliveries without a valid signature are turned away.
  let signatureSteps: [Int]
  /// True if no archive remembers which uses of keys there were.
  let judgesWithinRun: Bool

  let trailDeleted, trailDisabled, trailChanged, keyCreated, keyWidened, ambiguous: SignalSet
  /// Empty if nobody asks for them.
  let newBlock, newCaller, signatureFailure, silence: SignalSet
  /// Rules by the flags of an attribution.
  let flagged: [(flag: UInt32, set: SignalSet)]
  /// A definition's own rules by their numbers.
  let own: [(number: Int, rule: SignalRule.Own)]
  /// What conditions about actors ask for.
  let actors: ActorFacts.Plan
  /// True if there are such conditions.
  let asksForActors: Bool

  init(
    _ rules: [SignalRule], _ actors: ActorFacts.Plan, _ context: inout StageContext
  ) throws {
    self.rules = rules
    self.actors = actors
    dialect = context.boundDialect
    trail = try TrailRules(dialect: context.dialect.base, &context.pointers)
    keyChanges = try KeyChangeRules(
      file: nil, dialect: context.dialect.base, table: &context.pointers)
    finder = KeyChangeFinder(keyChanges)
    directory = context.keyDirectory
    gate = ConditionGate(
      [trail.deleted, trail.disabled, trail.changed, trail.keyCreated].compactMap { $0 }
        + finder.conditions)
    signatureSteps = context.stepNames.indices.filter {
      context.stepNames[$0] == VerifySignature.manual.name
    }
    judgesWithinRun = context.signalMemory == nil
    func set(_ holds: (SignalRule.Test) -> Bool) -> SignalSet {
      rules.firstIndex { holds($0.test) }.map { .rule($0) } ?? SignalSet()
    }
    trailDeleted = set { if case .trailDeleted = $0 { true } else { false } }
    trailDisabled = set { if case .trailDisabled = $0 { true } else { false } }
    trailChanged = set { if case .trailChanged = $0 { true } else { false } }
    keyCreated = set { if case .keyCreated = $0 { true } else { false } }
    keyWidened = set { if case .keyWidened = $0 { true } else { false } }
    ambiguous = set { if case .ambiguous = $0 { true } else { false } }
    newBlock = set { if case .newBlock = $0 { true } else { false } }
    newCaller = set { if case .newCaller = $0 { true } else { false } }
    signatureFailure = set { if case .signatureFailure = $0 { true } else { false } }
    silence = set { if case .silence = $0 { true } else { false } }
    flagged = rules.enumerated().compactMap { number, rule in
      if case .flagged(let flag) = rule.test { (flag.rawValue, .rule(number)) } else { nil }
    }
    own = rules.enumerated().compactMap { number, rule in
      if case .own(let own) = rule.test { (number, own) } else { nil }
    }
    asksForActors = own.contains { !$0.rule.actors.isEmpty }
  }
}

/// Asks, on any worker, what can be said of an event by itself.
struct SignalScan: PureStage {
  let plan: SignalPlan

  func process(_ batch: Batch, step: Int) {
    var reader: KeyChangeReader?
    let watchesUses = !plan.newBlock.isEmpty || !plan.newCaller.isEmpty
    let gate = plan.gate
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      var set = SignalSet()
      if gate.admits(batch, index) {
        set = trail(batch, index)
        addKeyChange(batch, index, &reader, &set)
      }
      addAttribution(batch, index, &set)
      for own in plan.own where own.rule.event.holds(batch, index) {
        if own.rule.actors.isEmpty { set.formUnion(.rule(own.number)) }
      }
      batch.setSlot(AddedSlot.signalRules.rawValue, of: index, set.slot)
      if watchesUses { KeyUse.note(plan, batch, index) }
    }
    if plan.asksForActors { addActors(batch) }
  }

  /// Rules with conditions about the actor.
  private func addActors(_ batch: Batch) {
    var facts = ActorFacts(plan.actors)
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      var set = SignalSet(batch.slot(AddedSlot.signalRules.rawValue, of: index))
      var isRead = false
      for own in plan.own where !own.rule.actors.isEmpty && own.rule.event.holds(batch, index) {
        if !isRead { facts.read(batch, index) }
        isRead = true
        var holds = true
        for actor in own.rule.actors where holds { holds = facts.holds(actor, batch, index) }
        if holds { set.formUnion(.rule(own.number)) }
      }
      batch.setSlot(AddedSlot.signalRules.rawValue, of: index, set.slot)
    }
  }

  private func trail(_ batch: Batch, _ index: Int) -> SignalSet {
    if plan.trail.deleted?.holds(batch, index) ?? false { return plan.trailDeleted }
    if plan.trail.disabled?.holds(batch, index) ?? false { return plan.trailDisabled }
    if plan.trail.changed?.holds(batch, index) ?? false { return plan.trailChanged }
    return SignalSet()
  }

  private func addAttribution(_ batch: Batch, _ index: Int, _ set: inout SignalSet) {
    let flags = batch.records[index].flags
    if flags != 0 {
      for rule in plan.flagged where flags & rule.flag != 0 { set.formUnion(rule.set) }
    }
    let match = batch.bytes[batch.slot(AddedSlot.match.rawValue, of: index)]
    if SignalScan.is(match, "\"ambiguous\"") { set.formUnion(plan.ambiguous) }
  }

  static func `is`(_ text: ByteView, _ wanted: StaticString) -> Bool {
    text.elementsEqual(
      UnsafeBufferPointer(start: wanted.utf8Start, count: wanted.utf8CodeUnitCount))
  }

  private func addKeyChange(
    _ batch: Batch, _ index: Int, _ reader: inout KeyChangeReader?, _ set: inout SignalSet
  ) {
    if plan.trail.keyCreated?.holds(batch, index) ?? false { set.formUnion(plan.keyCreated) }
    guard let rule = plan.finder.rule(batch, index) else { return }
    switch plan.finder.kind(ofRule: rule) {
    case .create: set.formUnion(plan.keyCreated)
    case .delete: break
    case .update:
      guard !plan.keyWidened.isEmpty else { return }
      let used = reader ?? KeyChangeReader(plan.keyChanges, plan.dialect)
      reader = used
      if let change = used.read(batch, index, file: "", record: 0)?.change,
        KeyReach.grew(change, plan.directory)
      {
        set.formUnion(plan.keyWidened)
      }
    }
  }
}

/// How a key was used: from which block of addresses, and by whom.
struct KeyUse {
  /// Of the key by itself, where the run alone is judged.
  var key: Digest256?
  var block: Digest256?
  var caller: Digest256?

  private static let hasKey: UInt32 = 1
  private static let hasBlock: UInt32 = 2
  private static let hasCaller: UInt32 = 4

  /// The use that was noted of a record.
  init(_ batch: Batch, _ index: Int) {
    let slot = batch.slot(AddedSlot.signalUses.rawValue, of: index)
    var at = Int(slot.start)
    func next(_ bit: UInt32) -> Digest256? {
      guard slot.count & bit != 0 else { return nil }
      defer { at += 1 }
      return batch.digests[at]
    }
    key = next(KeyUse.hasKey)
    block = next(KeyUse.hasBlock)
    caller = next(KeyUse.hasCaller)
  }

  /// Takes the digests of a record's use of a key.
  static func note(_ plan: SignalPlan, _ batch: Batch, _ index: Int) {
    var key = batch.slot(AddedSlot.keyID.rawValue, of: index)
    if key.isEmpty {
      guard let given = EventActor(plan.dialect, batch, index).key else { return }
      key = given
    }
    var uses: UInt32 = 0
    let first = batch.digests.count
    if plan.judgesWithinRun {
      batch.digests.append(digest("k", batch, key) { _ in })
      uses |= hasKey
    }
    if !plan.newBlock.isEmpty, let address = plan.dialect.scalar(.address, batch, index),
      let block = AddressBlock.Address(batch.bytes[address]).map(AddressBlock.init(around:))
    {
      batch.digests.append(
        digest("b", batch, key) { hasher in
          for half in [block.first.high, block.first.low] { hasher.update(number: half) }
        })
      uses |= hasBlock
    }
    let caller = batch.slot(AddedSlot.displayActor.rawValue, of: index)
    if !plan.newCaller.isEmpty, !caller.isEmpty, !isKeyItself(batch, index) {
      batch.digests.append(digest("c", batch, key) { $0.update(batch.bytes[caller]) })
      uses |= hasCaller
    }
    batch.setSlot(
      AddedSlot.signalUses.rawValue, of: index,
      Span32(start: UInt32(truncatingIfNeeded: first), count: uses))
  }

  /// Where nobody knows the caller the key is shown in their place, and that is nobody new.
  private static func isKeyItself(_ batch: Batch, _ index: Int) -> Bool {
    let from = batch.bytes[batch.slot(AddedSlot.from.rawValue, of: index)]
    return SignalScan.is(from, "\"key_name\"") || SignalScan.is(from, "\"key_id\"")
  }

  /// The key comes with its length, so that no two pairs read the same.
  private static func digest(
    _ kind: Unicode.Scalar, _ batch: Batch, _ key: Span32,
    _ rest: (inout SHA256Hasher) -> Void
  ) -> Digest256 {
    var hasher = SHA256Hasher()
    hasher.update(UInt8(truncatingIfNeeded: kind.value))
    hasher.update(number: UInt64(key.count))
    hasher.update(batch.bytes[key])
    rest(&hasher)
    return hasher.finalize()
  }
}

extension SHA256Hasher {
  /// Adds a number, most significant byte first.
  mutating func update(number: UInt64) {
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      update(UInt8(truncatingIfNeeded: number >> shift))
    }
  }
}
