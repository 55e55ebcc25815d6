internal import Terminal

// The only place that ends the process. Commands return how it went, or throw.

func run(_ words: [String]) -> ExitCode {
  do {
    return try Commands.run(words)
  } catch {
    return Failure.report(error)
  }
}

Process.prepare()
Process.end(run(Array(CommandLine.arguments.dropFirst())))
