internal import History
internal import Bytes
internal import Definition
internal import Disk
internal import Engine
internal import Intake
internal import Settings
internal import Stages
internal import Synchronization
internal import Trail

extension PipelineRun {
  func facts(_ unit: Unit, _ tally: Tally, _ started: Timestamp) throws -> RunFacts {
    var facts = try RunFacts(
      options.replaces ? .replace : .run, reason: options.reason, unit.definition, unit.plan, tally,
      started: started)
    facts.window = options.window
    facts.inputs = unit.source.facts.map {
      self.facts($0, records: tally.recordsByInput[$0.number] ?? 0, unit.definition)
    }
    return facts
  }

  func facts(
    _ input: InputFacts, records: Int, _ definition: PipelineDefinition
  ) -> RecordedInput {
    RecordedInput(
      name: input.name, bytes: Int64(input.bytes), sha256: input.digest,
      beginning: input.first.withUnsafeBufferPointer {
        ContentMark($0, total: Int64(input.bytes))
      }, records: records,
      continued: input.continued.map {
        .init(offset: Int64($0.bytes), records: $0.records)
      },
      text: input.isGzip ? Int64(input.textBytes) : nil,
      format: definition.input.settings.records == nil
        ? input.format.rawValue : InputSource.recordsFormat,
      damage: input.damage.map { "\($0.reason) at byte \($0.offset)" },
      pending: input.pendingBytes > 0 ? Int64(input.pendingBytes) : nil)
  }

  func findings(
    _ plan: CompiledPlan, _ tally: Tally, _ outlet: any Outlet
  ) -> [(key: String, value: String)] {
    var findings = plan.registry.findings(tally)
    if outlet.withoutTime > 0 {
      findings.append(("without a usable time", Summary.grouped(outlet.withoutTime)))
    }
    return findings
  }

  func notices(_ source: InputSource) -> [String] {
    let unmatched = source.unmatchedPatterns.map { "nothing matches the pattern \($0)" }
    return unmatched
      + source.facts.compactMap { facts in
        if let damage = facts.damage {
          return "\(facts.name) is damaged from byte \(damage.offset) on: \(damage.reason)"
        }
        guard facts.documentsWithoutRecords > 0 else { return nil }
        return "\(facts.name): \(facts.documentsWithoutRecords) documents have no records"
      }
  }
}

extension RunFacts {
  /// What a definition made of records; it ended just now.
  init(
    _ kind: CommitKind, reason: String?, _ definition: PipelineDefinition, _ plan: CompiledPlan,
    _ tally: Tally, started: Timestamp
  ) throws {
    self.init(
      kind: kind, reason: reason,
      definition: FileFacts(
        path: definition.file, bytes: Int64(definition.size), sha256: definition.digest),
      plan: definition.planDigest, dialect: definition.input.dialect,
      tables: plan.registry.tables.map {
        FileFacts(path: $0.path, bytes: Int64($0.bytes), sha256: $0.sha256)
      },
      counts: RunCounts(tally),
      clock: RunClock(started: started, finished: try Maintenance.now()),
      tool: "trailmill \(Commands.version)")
  }
}
