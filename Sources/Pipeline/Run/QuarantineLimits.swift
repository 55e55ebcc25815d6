internal import Bytes
package import Definition
package import Engine
internal import Settings

/// The bounds of a definition on what may end in the quarantine.
package enum QuarantineLimits {
  /// What exceeds which limit, as a sentence; nil if all is well.
  package static func excess(_ tally: Tally, _ limits: PipelineDefinition.Limits) -> String? {
    if exceeds(tally.unreadable, of: tally.read, limits.unreadable) {
      return sentence(tally.unreadable, "unreadable", tally.read, limits.unreadable)
    }
    if exceeds(tally.refused, of: tally.read, limits.refused) {
      return sentence(tally.refused, "refused", tally.read, limits.refused)
    }
    return nil
  }

  private static func exceeds(_ count: Int, of total: Int, _ limit: Limit) -> Bool {
    switch limit {
    case .none: false
    case .count(let bound): count > bound
    case .fraction(let share): Double(count) > Double(total) * share
    }
  }

  private static func sentence(
    _ count: Int, _ what: String, _ total: Int, _ limit: Limit
  ) -> String {
    let bound =
      switch limit {
      case .none: "none"
      case .count(let bound): "\(bound)"
      case .fraction(let share): "\(Figures.decimal(share * 100, places: 1)) %"
      }
    return "\(count) of \(total) records are \(what): more than limits.\(what) allows (\(bound))"
  }
}
