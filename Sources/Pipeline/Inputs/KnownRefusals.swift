internal import Bytes
internal import Engine

/// Leaves out of the quarantine what an earlier run under the same plan, and another window, put there: what
/// intake turned away is the same in every window. It counts as a duplicate.
struct KnownRefusals: PureStage {
  let inputs: RecognisedInputs

  func process(_ batch: Batch, step: Int) {
    var known: Int?
    for index in 0..<batch.records.count where batch.records[index].verdict == .unreadable {
      guard batch.records[index].decidedBy < 0 else { continue }
      let end = known ?? inputs.quarantinedBefore(batch.input)
      known = end
      guard batch.inputOffset + Int(batch.records[index].raw.start) < end else { continue }
      batch.records[index].verdict = .duplicate
    }
    if let item = batch.longItem, item.start < known ?? inputs.quarantinedBefore(batch.input) {
      batch.longItem?.verdict = .duplicate
    }
  }
}
