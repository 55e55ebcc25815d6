internal import Pipeline
internal import Terminal

extension RunOutcome {
  /// Says what the run came to, and how that ends the process.
  func end(_ form: SummaryForm) -> ExitCode {
    summary.show(form)
    if let refusal {
      Console.message(refusal)
      return .limit
    }
    if let alarm { Console.message(alarm) }
    if let reason = summary.unwitnessed, summary.ending != .dryRun {
      Console.message(
        Maintenance.unwitnessed(reason, isPublished: summary.ending == .published))
      return .fault
    }
    return alarm == nil ? .success : .signals
  }
}
