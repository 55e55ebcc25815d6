public import JSONText
internal import Synchronization

// The whole flow on one page.
//
//   source ─► steps … ─► sink.render ─► sink.admit ─► sink.encode ─► sink.write
//   in order  pure: anywhere  anywhere     in order      anywhere      in order
//             ordered: in order
//
// A few workers each carry one batch through all of it. Numbers are given out in `takeBatch`, under
// the source's lock; from then on the turnstiles keep the order. When the source has run dry, the
// workers go on with empty batches, which `sink.drain` gives shares of what is still to be encoded.
// The first failure, that of the lowest batch, closes every turnstile for it and those behind it.

/// What is run.
public struct Plan {
  /// Where records come from.
  public var source: any Source
  /// What happens to them; the first step frames and scans.
  public var steps: [Step]
  /// Where they go.
  public var sink: any Sink
  /// What is located in each record.
  public var pointers: PointerSet
  /// Values per record that steps can add.
  public var slotCount: Int
  /// Labels per record, by which the tally counts.
  public var labelCount: Int

  /// A plan.
  public init(
    source: any Source, steps: [Step], sink: any Sink, pointers: PointerSet, slotCount: Int,
    labelCount: Int = 0
  ) {
    self.source = source
    self.steps = steps
    self.sink = sink
    self.pointers = pointers
    self.slotCount = slotCount
    self.labelCount = labelCount
  }
}

/// Runs plans.
public enum Runner {
  /// Threads used where nobody says otherwise: one for each processor, at most 32.
  public static var defaultThreads: Int { min(Worker.onlineProcessors, 32) }

  /// Runs `plan` to the end and returns what became of the records. `observe` is called with the
  /// tally after each batch, in order. Throws what a source, step or sink threw first, in the order
  /// of the input; the workers have ended by then.
  public static func run(
    _ plan: Plan, threads: Int, observe: @escaping (Tally) -> Void = { _ in }
  ) throws -> Tally {
    let flow = Flow(plan, observe: observe)
    let workers = (1..<max(threads, 1)).compactMap { _ in Worker.start { flow.work() } }
    flow.work()
    for worker in workers { worker.join() }
    if let failure = flow.failure { throw failure }
    return flow.tally
  }
}

/// One run. Shared by the workers.
private final class Flow: @unchecked Sendable {
  // Sendable because the plan's ordered parts are touched behind their turnstiles alone (the source
  // under `progress`, tally and `isDrained` behind `admission`), and its pure parts do not change.

  private struct Progress {
    var next = 0
    var isDry = false
  }

  private let plan: Plan
  private let observe: (Tally) -> Void
  private let stages: [Turnstile?]
  private let admission = Turnstile()
  private let writing = Turnstile()
  private let progress = Mutex(Progress())
  private let lowestFailure = LowestFailure()
  private(set) var tally = Tally()
  private var isDrained = false

  init(_ plan: Plan, observe: @escaping (Tally) -> Void) {
    self.plan = plan
    self.observe = observe
    stages = plan.steps.map { if case .ordered = $0 { Turnstile() } else { nil } }
  }

  var failure: (any Error)? { lowestFailure.error }

  /// What a worker does: carries batches until there is nothing left to do.
  func work() {
    let batch = Batch(
      pointers: plan.pointers, slotCount: plan.slotCount, labelCount: plan.labelCount)
    do {
      batch.attachment = try plan.sink.makeAttachment()
      while try carry(batch) {}
    } catch {
      fail(error, at: batch.sequence)
    }
  }

  private func carry(_ batch: Batch) throws -> Bool {
    batch.clear()
    guard let holdsRecords = try takeBatch(batch) else { return false }
    for (index, step) in plan.steps.enumerated() {
      guard try run(step, index, on: batch, holdsRecords) else { return false }
    }
    if holdsRecords { try plan.sink.render(batch) }
    var goesOn = true
    let isOpen = try admission.pass(batch.sequence) {
      if holdsRecords {
        tally.count(batch)
        try plan.sink.admit(batch)
        observe(tally)
      } else {
        // Every worker comes by here once more after the sink has said that nothing is left.
        if !isDrained { isDrained = try !plan.sink.drain(batch) }
        goesOn = !isDrained
      }
    }
    guard isOpen else { return false }
    if goesOn { try plan.sink.encode(batch) }
    guard try writing.pass(batch.sequence, { if goesOn { try plan.sink.write(batch) } }) else {
      return false
    }
    return goesOn
  }

  /// Gives the batch its number and its input; true if there was any, nil if the run has failed.
  private func takeBatch(_ batch: Batch) throws -> Bool? {
    try progress.withLock { progress in
      guard failure == nil else { return nil }
      batch.sequence = progress.next
      progress.next += 1
      guard !progress.isDry else { return false }
      // Stays so if the source throws: then nobody may ask it again.
      progress.isDry = true
      progress.isDry = try !plan.source.fill(batch)
      return !progress.isDry
    }
  }

  private func run(_ step: Step, _ index: Int, on batch: Batch, _ holdsRecords: Bool) throws -> Bool
  {
    switch step {
    case .pure(let stage):
      if holdsRecords { try stage.process(batch, step: index) }
      return true
    case .ordered(let stage):
      return try stages[index]?.pass(batch.sequence) {
        if holdsRecords { try stage.process(batch, step: index) }
      } ?? true
    }
  }

  private func fail(_ error: any Error, at sequence: Int) {
    lowestFailure.report(error, at: sequence)
    for stage in stages { stage?.close(from: sequence) }
    admission.close(from: sequence)
    writing.close(from: sequence)
    plan.source.cancel()
  }
}
