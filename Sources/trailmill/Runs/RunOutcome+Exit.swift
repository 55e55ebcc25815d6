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
    guard let alarm else { return .success }
    Console.message(alarm)
    return .signals
  }
}
