internal import Bytes
internal import Engine
internal import Trail

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
      batch[.signalRules, index] = set.slot
      if watchesUses { KeyUse.note(plan, batch, index) }
    }
    if plan.asksForActors { addActors(batch) }
  }

  /// Rules with conditions about the actor.
  private func addActors(_ batch: Batch) {
    var facts = ActorFacts(plan.actors)
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      var set = SignalSet(batch[.signalRules, index])
      var isRead = false
      for own in plan.own where !own.rule.actors.isEmpty && own.rule.event.holds(batch, index) {
        if !isRead { facts.read(batch, index) }
        isRead = true
        var holds = true
        for actor in own.rule.actors where holds { holds = facts.holds(actor, batch, index) }
        if holds { set.formUnion(.rule(own.number)) }
      }
      batch[.signalRules, index] = set.slot
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
    let match = batch.bytes[batch[.match, index]]
    if match.equals("\"ambiguous\"") { set.formUnion(plan.ambiguous) }
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
