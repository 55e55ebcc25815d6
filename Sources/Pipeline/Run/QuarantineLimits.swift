internal import Bytes
package import Definition
package import Engine
internal import Settings
package import Trail

/// The bounds of a definition on what may end in the quarantine. A share holds for records and for bytes,
/// so that one item that is half of a file is not one of a thousand records.
package enum QuarantineLimits {
  /// Bytes of a record that are shown.
  private static let longestBeginning = 80

  /// What exceeds which limit, as a sentence, without the secrets that `secrets` finds; nil if all is well.
  /// `origin` gives the input with a number, and how many of its records were read before.
  package static func excess(
    _ tally: Tally, _ limits: PipelineDefinition.Limits, hiding secrets: SecretPlan?,
    origin: (Int) -> (file: String, recordsBefore: Int)
  ) -> String? {
    let unreadable = Excess(
      what: "unreadable", count: tally.unreadable, total: tally.read, bytes: tally.unreadableBytes,
      totalBytes: tally.recordBytes, first: tally.firstUnreadable, secrets: secrets)
    let refused = Excess(
      what: "refused", count: tally.refused, total: tally.read, bytes: 0, totalBytes: 0,
      first: tally.firstRefused, secrets: secrets)
    return unreadable.excess(limits.unreadable, origin) ?? refused.excess(limits.refused, origin)
  }

  private struct Excess {
    let what: String
    let count, total, bytes, totalBytes: Int
    let first: RejectSample?
    let secrets: SecretPlan?

    func excess(_ limit: Limit, _ origin: (Int) -> (file: String, recordsBefore: Int)) -> String? {
      let figures: String
      switch limit {
      case .none: return nil
      case .count(let bound):
        guard count > bound else { return nil }
        figures =
          "\(count) of \(total) records are \(what): more than limits.\(what) allows (\(bound))"
      case .share(let share):
        let bound = share.text
        if share.isExceeded(by: count, of: total) {
          figures =
            "\(count) of \(total) records are \(what): more than limits.\(what) allows (\(bound))"
        } else if share.isExceeded(by: bytes, of: totalBytes) {
          figures =
            "\(Figures.grouped(bytes)) of \(Figures.grouped(totalBytes)) bytes are \(what): more "
            + "than limits.\(what) allows (\(bound))"
        } else {
          return nil
        }
      }
      return figures
        + (first.map {
          ": the first is \(QuarantineLimits.describe($0, origin($0.input), secrets))"
        } ?? "")
    }
  }

  /// Where it is, why it was turned away, and how it begins.
  private static func describe(
    _ first: RejectSample, _ origin: (file: String, recordsBefore: Int), _ secrets: SecretPlan?
  ) -> String {
    var beginning = first.beginning
    // What is no record may well end in the middle of something.
    if let secrets {
      beginning = beginning.withUnsafeBufferPointer { secrets.strip($0, isCutOff: true) }
    }
    let shown = String(decoding: beginning.prefix(longestBeginning), as: UTF8.self)
    let text = DeceptiveText.replacing(in: shown)
    let record = origin.recordsBefore + first.record
    return "\(origin.file), record \(record), byte \(first.offset): \(first.reason): "
      + (text.isEmpty ? "nothing" : text)
  }
}
