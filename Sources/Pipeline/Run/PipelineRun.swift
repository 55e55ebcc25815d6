internal import Bytes
internal import Definition
internal import Engine
internal import History
internal import Platform
internal import Stages
internal import Trail

/// What a run came to, and what its caller has to be told beside the summary.
package struct RunOutcome {
  package let summary: RunSummary
  /// Which limit was exceeded; nil if none was.
  package let refusal: String?
  /// Which signals are to alarm the caller; nil if none are.
  package let alarm: String?
}

/// One run, ready to go: plan, job and outlet are whole, and if there is an archive its lock is held.
struct PipelineRun {
  let plan: CompiledPlan
  let job: any RunJob
  let outlet: any Outlet
  /// Which signals alarm the caller.
  let signals: PipelineDefinition.Signals
  /// Workers.
  let threads: Int
  let environment: RunEnvironment

  /// Carries the run out. After an error nothing is published, unless the error says so.
  func go() throws -> RunOutcome {
    let progress = environment.console.progress(totalBytes: job.totalBytes)
    let gate = CommitGate(outlet, environment.console, progress)
    SignalWatch.start { gate.interrupt($0) }
    do {
      return try carryOut(gate, progress)
    } catch {
      try gate.close { outlet.abandonAfterFailure() }
      throw error
    }
  }

  private func carryOut(
    _ gate: CommitGate, _ progress: (any RunProgress)?
  ) throws -> RunOutcome {
    let started = try RunEnvironment.now()
    let clock = MonotonicClock.seconds
    let times = TimeWitness(plan.dialect, stepNames: plan.stepNames, origin: job.origin)
    let tally = try read(progress, times)
    let facts = try job.facts(tally, started: started, plan)
    let verdict = try job.verdict(tally, facts, plan)
    var summary = summarise(tally, times)
    try gate.close { try end(verdict, facts, &summary) }
    summary.seconds = MonotonicClock.seconds - clock
    return outcome(verdict, summary)
  }

  /// Takes all records through the stages to the outlet.
  private func read(_ progress: (any RunProgress)?, _ times: TimeWitness) throws -> Tally {
    defer { progress?.end() }
    let job = job
    progress?.update(records: 0, bytes: 0)
    let tally = try Runner.run(
      Plan(
        source: job.source, steps: plan.steps + [.ordered(times)], sink: outlet.sink,
        pointers: plan.pointers, slotCount: Added.slotCount, labelCount: plan.labelCount),
      threads: threads
    ) { tally in
      progress?.update(records: tally.read, bytes: job.bytesRead)
    }
    try plan.results.finish()
    return tally
  }

  /// Does what was decided.
  private func end(
    _ verdict: RunVerdict, _ facts: RunFacts, _ summary: inout RunSummary
  ) throws {
    switch verdict {
    case .publish:
      summary.take(try outlet.publish(facts, plan.results))
    case .rehearse:
      summary.take(try outlet.rehearse())
    case .leave:
      summary.take(try outlet.leave())
    case .refuse(let reason, let isKept):
      let kept = try outlet.abandon(keepingQuarantine: isKept)
      if let kept { summary.notices.append("the quarantine is kept in \(kept)") }
      summary.ending = .refused(reason)
      summary.bytesOut = outlet.bytesGone
    }
    if case .publish = verdict, !outlet.keepsKeyTable, !plan.results.usedKeys.isEmpty {
      summary.notices.append(
        "what the digests of keys stand for is kept nowhere: only an archive has a key table: write to"
          + " one, or set detail to \"full\"")
    }
  }

  private func summarise(_ tally: Tally, _ times: TimeWitness) -> RunSummary {
    let results = plan.results
    var summary = RunSummary(
      ending: .streamed, tally: tally, bytesIn: job.bytesRead, place: outlet.place)
    summary.findings = results.findings(tally)
    summary.withoutTime = times.count
    if let finding = times.finding { summary.findings.append(("without a usable time", finding)) }
    summary.classes = results.classes(tally)
    summary.take(results.signals)
    job.describe(&summary)
    let warnings = results.warnings.count
    if warnings > 0 {
      summary.notices.append(
        "\(warnings) warning\(warnings == 1 ? "" : "s") about the definition: trailmill check tells"
      )
    }
    return summary
  }

  private func outcome(_ verdict: RunVerdict, _ summary: RunSummary) -> RunOutcome {
    switch verdict {
    case .refuse(let reason, _): RunOutcome(summary: summary, refusal: reason, alarm: nil)
    case .publish:
      RunOutcome(
        summary: summary, refusal: nil,
        alarm: SignalAlarm.sentence(plan.results.signals, signals))
    default: RunOutcome(summary: summary, refusal: nil, alarm: nil)
    }
  }
}
