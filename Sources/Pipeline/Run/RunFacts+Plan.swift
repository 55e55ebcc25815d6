internal import Archive
internal import Bytes
internal import Definition
internal import Engine
internal import History
internal import Intake
internal import Stages
internal import Trail

extension RunFacts {
  /// What a definition made of records; it ended just now.
  init(
    _ kind: CommitKind, reason: String?, _ definition: PipelineDefinition, _ plan: CompiledPlan,
    _ tally: Tally, started: Timestamp, tool: String
  ) throws {
    self.init(
      kind: kind, reason: reason,
      definition: FileFacts(
        path: definition.file, bytes: Int64(definition.size), sha256: definition.digest),
      plan: definition.planDigest, dialect: definition.input.dialect, added: plan.added,
      layout: definition.layout,
      tables: plan.results.tables.map {
        FileFacts(path: $0.path, bytes: Int64($0.bytes), sha256: $0.sha256)
      },
      counts: RunCounts(tally),
      clock: RunClock(started: started, finished: try RunEnvironment.now()), tool: tool)
  }
}

extension PipelineDefinition {
  /// The template by which an archive's folders are chosen; nil for another output.
  fileprivate var layout: String? {
    if case .archive(let archive) = output { archive.layout.template } else { nil }
  }
}

extension RecordedInput {
  /// What a manifest says of an input of which `records` were read, whose text is accounted for.
  init(_ input: InputFacts, records: Int, _ account: TextAccount, _ settings: InputSettings) {
    self.init(
      name: input.name, bytes: Int64(input.bytes), sha256: input.digest,
      beginning: input.first.withUnsafeBufferPointer {
        ContentMark($0, total: Int64(input.bytes))
      }, records: records,
      continued: input.continued.map {
        .init(offset: Int64($0.text), records: $0.records)
      },
      text: input.isCompressed ? Int64(input.textBytes) : nil,
      textSHA256: input.isCompressed ? input.textDigest : nil,
      textBeginning: input.isCompressed && input.textDigest != nil
        ? input.textFirst.withUnsafeBufferPointer { ContentMark($0, total: Int64(input.textBytes)) }
        : nil,
      prefixes: input.prefixes.digests.isEmpty ? nil : input.prefixes,
      format: settings.records == nil ? input.format.rawValue : InputSource.recordsFormat,
      damage: input.damage.map { "\($0.reason) at byte \($0.offset)" },
      pending: input.pendingBytes > 0 ? Int64(input.pendingBytes) : nil, account: account,
      behindDamage: input.damage.map { Int64(input.bytes - $0.compressedOffset) })
  }
}

extension TextAccount {
  /// What the tally and the input know of its bytes.
  init(_ input: InputFacts, _ counts: ByteCounts) {
    self.init(
      from: Int64(input.continued?.text ?? 0), to: Int64(input.textBytes),
      written: Int64(counts.written), duplicates: Int64(counts.duplicates),
      filtered: Int64(counts.filtered), quarantined: Int64(counts.unreadable + counts.refused),
      syntax: Int64(counts.syntax + input.syntaxBytes), beside: Int64(input.besideBytes))
  }
}
