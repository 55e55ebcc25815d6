internal import Definition
internal import Disk
internal import Engine
internal import Pipeline

/// `trailmill retry`: what was turned away, through a definition that may be better by now.
enum RetryCommand: Command {
  static let syntax = CommandSyntax(
    name: "retry", arguments: "DEFINITION ARCHIVE", count: 2...2,
    summary: "run the quarantine again, and merge what now passes",
    details: [
      """
      What passes is written to parts and leaves the quarantine in the same commit; what does not stays,
      with where it came from and why it is turned away now. Where nothing passes, nothing changes.
      """
    ],
    options: [
      RunCommand.setOption,
      OptionSyntax(name: "threads", value: "N", summary: "workers; default: one per processor"),
      Maintenance.reasonOption, Maintenance.dryRunOption,
      OptionSyntax(name: "summary", value: "text|json|none", summary: "on standard error"),
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let definition = try RunCommand.definition(
      arguments.arguments[0], disk: Disk(), set: try RunCommand.assignments(arguments),
      environment: Process.environment)
    let form: RunOptions.SummaryForm = try RunOptions.choice(
      arguments, "summary", default: .text)
    var request = try RetryRequest(
      definition, archive: arguments.arguments[1],
      threads: try RunOptions.number(arguments, "threads", 1...256) ?? Runner.defaultThreads)
    request.reason = arguments.value("reason")
    request.isDryRun = arguments.has("dry-run")
    let environment = RunEnvironment(ErrorConsole(progress: .never))
    return try RunCommand.end(try request.run(environment), form)
  }
}
