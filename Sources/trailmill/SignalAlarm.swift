internal import Definition
internal import Stages
internal import Trail

/// Whether the signals of a run that is published make it end with a code of its own.
enum SignalAlarm {
  /// The exit code, with a message if it is that of signals.
  static func code(
    _ tally: SignalTally?, _ settings: PipelineDefinition.Signals
  ) -> ExitCode {
    guard let bound = settings.failOn, let worst = tally?.worst, worst >= bound else {
      return .success
    }
    let found = tally?.found.filter { $0.severity >= bound } ?? []
    let names = found.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    Console.message("signals were found (fail_on: \(bound.rawValue)): \(names)")
    return .signals
  }
}
