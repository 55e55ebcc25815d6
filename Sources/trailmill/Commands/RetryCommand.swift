internal import CommandLine
internal import Pipeline
internal import Terminal

/// `trailmill retry`: what was turned away, through a definition that may be better by now.
enum RetryCommand: Command {
  static let syntax = CommandSyntax(
    name: "retry", arguments: "DEFINITION ARCHIVE", count: 2...2,
    completions: [.files, .folders],
    summary: "run the quarantine again, and merge what now passes",
    details: [
      """
      What passes is written to parts and leaves the quarantine in the same commit; what does not stays,
      with where it came from and why it is turned away now. Where nothing passes, nothing changes.
      """
    ],
    options: [
      DefinitionOptions.set, SharedOptions.threads, SharedOptions.reason, SharedOptions.dryRun,
      SharedOptions.summary,
    ],
    endsWith: [.inUse, .signals])

  struct Options: CommandOptions {
    let definition: DefinitionOptions
    let archive: String
    let threads: Int
    let reason: String?
    let isDryRun: Bool
    let summary: SummaryForm

    init(_ arguments: CommandArguments) throws {
      definition = try DefinitionOptions(arguments.operands[0], arguments)
      archive = arguments.operands[1]
      summary = try arguments.value(SharedOptions.summary) ?? .text
      threads = try arguments.threads
      reason = try arguments.value(SharedOptions.reason)
      isDryRun = arguments.has(SharedOptions.dryRun)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let environment = RunEnvironment(ErrorConsole(progress: .never))
    var request = try RetryRequest(
      try options.definition.load(environment.disk, environment: environment.variables),
      archive: options.archive, threads: options.threads)
    request.reason = options.reason
    request.isDryRun = options.isDryRun
    return try request.run(environment).end(options.summary)
  }
}
