internal import Bytes
internal import Engine

/// Makes quarantine rows of the records of a batch that were turned away.
public struct RejectRows: Sendable {
  private let stepNames: [String]
  private let inputName: @Sendable (Int) -> String
  private let recordsBefore: @Sendable (Int) -> Int

  /// `stepNames` has the name of each step of the plan, in their order; `inputName` gives the name
  /// of the input with this number and `recordsBefore` how many of its records earlier runs have read;
  /// both are called on any worker.
  public init(
    stepNames: [String], inputName: @escaping @Sendable (Int) -> String,
    recordsBefore: @escaping @Sendable (Int) -> Int = { _ in 0 }
  ) {
    self.stepNames = stepNames
    self.inputName = inputName
    self.recordsBefore = recordsBefore
  }

  /// Appends the rows of a batch that the sink has admitted.
  func append(_ batch: Batch, to rows: inout ByteBuffer) {
    for index in 0..<batch.records.count where batch.records[index].verdict.isQuarantined {
      let record = batch.records[index]
      let step = Int(record.decidedBy)
      let item = Quarantine.Item(
        file: inputName(batch.input),
        record: recordsBefore(batch.input) + batch.firstOrdinal + index,
        offset: batch.inputOffset + Int(record.raw.start),
        stage: stepNames.indices.contains(step) ? stepNames[step] : "intake",
        reason: batch.reason(of: index))
      Quarantine.appendRow(item, bytes: batch.bytes[record.raw], to: &rows)
    }
  }
}
