internal import Bytes
internal import Codec
internal import CommandLine
internal import Pipeline
internal import Settings
internal import Terminal

/// `trailmill run`: input, through a definition's stages, to its output.
enum RunCommand: Command {
  private static let output = Option(
    "output", .output("PATH|-", or: "-"), "write there instead; \"-\" is standard output")
  private static let compression = Option(
    "compression", .compression, CompressionFormat.shownLevels)
  private static let ends = SharedOptions.window(
    since: "keep events from this time on: 2024-01-31, yesterday, 7d (ago)",
    until: "keep events before this time")
  private static let replace = Flag(
    "replace", "read the window again and retire what the archive holds of it")
  private static let again = Flag("again", "archive inputs once more that were read before")
  private static let signals = Option(
    "signals", .file("PATH|fd:N"), "list the signals there too, or on an open descriptor")
  private static let dryRun = Flag("dry-run", "do everything but publish")
  private static let progress = Option(
    "progress", .choice(ProgressForm.self), "a bar on standard error")

  static let syntax = CommandSyntax(
    name: "run", arguments: "DEFINITION [INPUT…]", count: 1...1_000_000, completions: [.files],
    summary: "run a pipeline definition",
    details: [
      """
      INPUT is a file, a folder (read recursively, in the order of the paths; names that begin with
      "." or "_" are skipped and counted), a pattern, or "-" for standard input. Inputs given here
      replace those of the definition. Compressed input is recognised by its bytes.
      """
    ],
    options: [output, compression, DefinitionOptions.set] + ends.all + [
      replace, again, SharedOptions.reason, signals, SharedOptions.threads, dryRun, progress,
      SharedOptions.summary,
    ],
    endsWith: [.limit, .inUse, .signals])

  struct Options: CommandOptions {
    let definition: DefinitionOptions
    let inputs: [String]
    let output: String?
    let compression: Compression?
    let window: TimeWindow
    let mode: RunRequest.Mode
    let reason: String?
    let signals: String?
    let threads: Int
    let isDryRun: Bool
    let progress: ProgressForm
    let summary: SummaryForm

    init(_ arguments: CommandArguments) throws {
      inputs = Array(arguments.operands.dropFirst())
      output = try arguments.value(RunCommand.output)
      compression = try arguments.value(RunCommand.compression)
      definition = try DefinitionOptions(arguments.operands[0], arguments)
      window = try arguments.window(ends)
      threads = try arguments.threads
      reason = try arguments.value(SharedOptions.reason)
      signals = try arguments.value(RunCommand.signals)
      isDryRun = arguments.has(dryRun)
      progress = try arguments.value(RunCommand.progress) ?? .auto
      summary = try arguments.value(SharedOptions.summary) ?? .text
      let (replaces, again) = (arguments.has(replace), arguments.has(RunCommand.again))
      guard !(replaces && again) else {
        throw UsageError("--replace and --again exclude each other")
      }
      mode = replaces ? .replace : again ? .again : .add
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let environment = RunEnvironment(ErrorConsole(progress: options.progress))
    var request = RunRequest(
      try options.definition.load(environment.disk, environment: environment.variables),
      threads: options.threads)
    request.inputs = options.inputs
    request.output = options.output
    request.compression = options.compression
    request.window = options.window
    request.mode = options.mode
    request.reason = options.reason
    request.signals = options.signals
    request.isDryRun = options.isDryRun
    return try request.run(environment).end(options.summary)
  }
}
