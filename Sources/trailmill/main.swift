internal import Disk

// The only place that ends the process. Commands return how it went, or throw.

/// Writes what went wrong and returns the code to end with.
func report(_ error: any Error) -> ExitCode {
  let (text, code) = Failure.describe(error)
  Console.message(text)
  return code
}

func main(_ words: [String]) -> ExitCode {
  do {
    return try Commands.run(words)
  } catch {
    return report(error)
  }
}

Process.prepare()
Process.end(main(Array(CommandLine.arguments.dropFirst())))
