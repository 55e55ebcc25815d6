internal import Stages
internal import Bytes
internal import CommandLine
internal import Definition
internal import Disk
internal import Engine
internal import History
internal import Intake
internal import Pipeline
internal import Settings
internal import Terminal
internal import Trail

/// `trailmill explain`: record by record, what each step did and why this actor is shown.
enum ExplainCommand: Command {
  private static let limit = Option("limit", .number(1...Int.max), "stop after N records")
  private static let format = Option(
    "format", .choice(ReportForm.self), "for people, or one JSON object a line")

  static let syntax = CommandSyntax(
    name: "explain", arguments: "DEFINITION [INPUT…]", count: 1...1_000_000,
    completions: [.files],
    summary: "say record by record what each stage did; nothing is written",
    options: [DefinitionOptions.set, limit, format])

  struct Options: CommandOptions {
    let definition: DefinitionOptions
    let inputs: [String]
    let limit: Int
    let form: ReportForm

    init(_ arguments: CommandArguments) throws {
      inputs = Array(arguments.operands.dropFirst())
      limit = try arguments.value(ExplainCommand.limit) ?? .max
      form = try arguments.value(ExplainCommand.format) ?? .text
      definition = try DefinitionOptions(arguments.operands[0], arguments)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    let environment = Process.environment
    let definition = try options.definition.load(disk, environment: environment)
    let plan = try definition.compile(
      services: StageServices(disk: disk, environment: environment))
    let inputs = options.inputs.isEmpty ? definition.input.paths : options.inputs
    guard !inputs.isEmpty else {
      throw UsageError("no input: name files, folders or \"-\", or set input.paths")
    }
    let source = try InputSource(
      disk: disk, inputs: inputs, published: PublishedParts(disk).files,
      settings: definition.input.settings, digestsInputs: false, tailWaits: definition.isArchived)
    let batch = Batch(
      pointers: plan.pointers, slotCount: Added.slotCount, labelCount: plan.labelCount)
    /// How many records of each input were told of before.
    var told: [Int: Int] = [:]
    var left = options.limit
    while left > 0, try source.fill(batch) {
      var story = BatchStory(plan, source.names[batch.input])
      try story.follow(batch)
      let first = told[batch.input, default: 0] + 1
      told[batch.input, default: 0] += batch.records.count
      let count = min(left, batch.records.count)
      try Console.output(
        json: options.form == .json
          ? story.json(batch, records: count, firstOrdinal: first)
          : story.text(batch, records: count, firstOrdinal: first))
      left -= count
      batch.clear()
    }
    return .success
  }
}
