internal import Definition
internal import Stages
internal import Trail

/// Whether the signals of a run that is published are to alarm whoever started it.
enum SignalAlarm {
  /// What was found at or above `fail_on`, as a sentence; nil if nothing was.
  static func sentence(
    _ tally: SignalTally?, _ settings: PipelineDefinition.Signals
  ) -> String? {
    guard let bound = settings.failOn, let worst = tally?.worst, worst >= bound else {
      return nil
    }
    let found = tally?.found.filter { $0.severity >= bound } ?? []
    let names = found.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    return "signals were found (fail_on: \(bound.rawValue)): \(names)"
  }
}
