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
  let newBlock, newCaller, signatureFailure, recordRefused, silence: SignalSet
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
    judgesWithinRun = context.services.signalMemory == nil
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
    recordRefused = set { if case .recordRefused = $0 { true } else { false } }
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
