public import JSONText
internal import Synchronization

// The whole flow on one page.
//
//   source ─► steps … ─► sink.render ─► sink.admit ─► sink.encode ─► sink.write
//   in order  pure: anywhere  anywhere     in order      anywhere      in order
//             ordered: in order
//
// A few workers each carry one batch through all of it. Numbers are given out in `takeBatch`, under
// the source's lock; from then on the turnstiles keep the order. To encode one batch may take many
// times as long as the next: whoever has encoded leaves the batch in a line-up and goes on with
// another, and who brings the lowest writes all that follow it. When the source has run dry, the
// workers go on with empty batches, which `sink.drain` gives shares of what is still to be encoded.
// The first failure, that of the lowest batch, closes everything for it and those behind it.

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
    let flow = Flow(plan, threads: max(threads, 1), observe: observe)
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
  /// Batches that wait until those before them are written; nil where there is nothing to write.
  private let writing: Lineup<Batch?>
  /// Batches that nobody carries.
  private let idle = Monitor<[Batch]>([])
  private let progress = Mutex(Progress())
  private let lowestFailure = LowestFailure()
  private(set) var tally = Tally()
  private var isDrained = false

  /// Batches that may wait to be written, beside one for each other worker.
  private static let ahead = 1

  init(_ plan: Plan, threads: Int, observe: @escaping (Tally) -> Void) {
    self.plan = plan
    self.observe = observe
    let (sink, idle) = (plan.sink, idle)
    writing = Lineup(window: threads == 1 ? 1 : threads + Flow.ahead) { _, batch in
      guard let batch else { return true }
      try sink.write(batch)
      idle.change { $0.append(batch) }
      return true
    }
    stages = plan.steps.map { if case .ordered = $0 { Turnstile() } else { nil } }
  }

  var failure: (any Error)? { lowestFailure.error }

  /// What a worker does: carries batches until there is nothing left to do.
  func work() { while carry() {} }

  private func carry() -> Bool {
    var number = 0
    do {
      let batch = try freeBatch()
      guard let holdsRecords = try takeBatch(batch, &number) else { return false }
      guard let isLast = try process(batch, holdsRecords) else { return false }
      // What is thrown may be that of a batch behind this one: all between them are written.
      try writing.bring(number, isLast ? nil : batch)
      return !isLast
    } catch {
      fail(error, at: number)
      return false
    }
  }

  private func freeBatch() throws -> Batch {
    if let batch = idle.change({ $0.popLast() }) {
      batch.clear()
      return batch
    }
    let batch = Batch(
      pointers: plan.pointers, slotCount: plan.slotCount, labelCount: plan.labelCount)
    batch.attachment = try plan.sink.makeAttachment()
    return batch
  }

  /// Takes a batch from the first step to the end of encoding; true if nothing is left to encode, nil if the
  /// run has failed.
  private func process(_ batch: Batch, _ holdsRecords: Bool) throws -> Bool? {
    for (index, step) in plan.steps.enumerated() {
      guard try run(step, index, on: batch, holdsRecords) else { return nil }
    }
    if holdsRecords { try plan.sink.render(batch) }
    var isLast = false
    let isOpen = try admission.pass(batch.sequence) {
      if holdsRecords {
        tally.count(batch)
        try plan.sink.admit(batch)
        observe(tally)
      } else {
        // Every worker comes by here once more after the sink has said that nothing is left.
        if !isDrained { isDrained = try !plan.sink.drain(batch) }
        isLast = isDrained
      }
    }
    guard isOpen else { return nil }
    if !isLast { try plan.sink.encode(batch) }
    return isLast
  }

  /// Gives the batch its number and its input; true if there was any, nil if the run has failed.
  private func takeBatch(_ batch: Batch, _ number: inout Int) throws -> Bool? {
    try progress.withLock { progress in
      guard failure == nil else { return nil }
      number = progress.next
      batch.sequence = number
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
