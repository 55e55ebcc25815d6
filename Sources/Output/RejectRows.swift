package import Bytes
package import Engine
internal import Trail

/// Makes quarantine rows of the records of a batch that were turned away.
package struct RejectRows: Sendable {
  private let stepNames: [String]
  private let inputName: @Sendable (Int) -> String
  private let recordsBefore: @Sendable (Int) -> Int

  /// `stepNames` has the name of each step of the plan, in their order; `inputName` gives the name
  /// of the input with this number and `recordsBefore` how many of its records earlier runs have read;
  /// both are called on any worker.
  package init(
    stepNames: [String], inputName: @escaping @Sendable (Int) -> String,
    recordsBefore: @escaping @Sendable (Int) -> Int = { _ in 0 }
  ) {
    self.stepNames = stepNames
    self.inputName = inputName
    self.recordsBefore = recordsBefore
  }

  /// Appends the rows of a batch that the sink has admitted. The row of an item that lies in several batches
  /// is appended piece by piece.
  package func append(_ batch: Batch, to rows: inout ByteBuffer) {
    let long = batch.longItem
    if let long, long.verdict.isQuarantined, case .later(let piece) = long.place {
      Quarantine.appendPiece(batch.bytes[piece], to: &rows)
      if long.isLast { Quarantine.endLongRow(isResumed: long.isResumed, to: &rows) }
    }
    for index in 0..<batch.records.count where batch.records[index].verdict.isQuarantined {
      let origin = batch.origin(of: index)
      let item = origin.map { retried($0, batch, index) } ?? item(batch, index)
      let bytes = batch.bytes[batch.records[index].raw]
      if let long, case .lastRecord = long.place, index == batch.records.count - 1 {
        Quarantine.beginLongRow(item, to: &rows)
        Quarantine.appendPiece(bytes, to: &rows)
        if long.isLast { Quarantine.endLongRow(isResumed: long.isResumed, to: &rows) }
      } else {
        Quarantine.appendRow(item, bytes: bytes, to: &rows)
      }
    }
  }

  private func item(_ batch: Batch, _ index: Int) -> RecordOrigin {
    RecordOrigin(
      file: inputName(batch.input),
      record: recordsBefore(batch.input) + batch.firstOrdinal + index,
      offset: batch.inputOffset + Int(batch.records[index].raw.start),
      stage: stageName(batch, index), reason: batch.reason(of: index))
  }

  private func stageName(_ batch: Batch, _ index: Int) -> String {
    let step = Int(batch.records[index].decidedBy)
    return stepNames.indices.contains(step) ? stepNames[step] : "intake"
  }

  /// An item that comes back from the quarantine keeps its place. What an earlier version kept only the
  /// beginning of keeps its reason too, which tells the length and digest of the whole.
  private func retried(
    _ origin: RecordOrigin, _ batch: Batch, _ index: Int
  ) -> RecordOrigin {
    RecordOrigin(
      file: origin.file, record: origin.record, offset: origin.offset,
      stage: stageName(batch, index), reason: batch.reason(of: index))
  }
}
