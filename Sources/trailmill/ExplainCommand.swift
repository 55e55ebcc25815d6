internal import Bytes
internal import Definition
internal import Disk
internal import Engine
internal import Intake
internal import Settings
internal import Stages
internal import Trail

/// `trailmill explain`: record by record, what each step did and why this actor is shown.
enum ExplainCommand: Command {
  static let syntax = CommandSyntax(
    name: "explain", arguments: "DEFINITION [INPUT…]", count: 1...1_000_000,
    summary: "say record by record what each stage did; nothing is written",
    options: [
      RunCommand.setOption,
      OptionSyntax(name: "limit", value: "N", summary: "stop after N records"),
      OptionSyntax(
        name: "format", value: "text|json", summary: "for people, or one JSON object a line"),
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    var limit = Int.max
    if let text = arguments.value("limit") {
      guard let number = Int(text), number > 0 else {
        throw UsageError("--limit must be a number from 1 on, found \"\(text)\"")
      }
      limit = number
    }
    let isJSON: Bool
    switch arguments.value("format") ?? "text" {
    case "text": isJSON = false
    case "json": isJSON = true
    case let other: throw UsageError("--format must be one of text, json, found \"\(other)\"")
    }
    let disk = Disk()
    let environment = Process.environment
    let definition = try RunCommand.definition(
      arguments.arguments[0], disk: disk, set: try RunCommand.assignments(arguments),
      environment: environment)
    let plan = try definition.compile(
      services: StageServices(disk: disk, environment: environment))
    let given = Array(arguments.arguments.dropFirst())
    let inputs = given.isEmpty ? definition.input.paths : given
    guard !inputs.isEmpty else {
      throw UsageError("no input: name files, folders or \"-\", or set input.paths")
    }
    let source = try InputSource(
      disk: disk, inputs: inputs, settings: definition.input.settings, digestsInputs: false,
      tailWaits: definition.isArchived)
    let batch = Batch(
      pointers: plan.pointers, slotCount: Added.slotCount,
      labelCount: plan.labelCount)
    var ordinals: [Int: Int] = [:]
    while limit > 0, try source.fill(batch) {
      var story = BatchStory(plan, source.names[batch.input])
      try story.follow(batch)
      let first = ordinals[batch.input, default: 0]
      ordinals[batch.input] = first + batch.records.count
      let count = min(limit, batch.records.count)
      try Console.output(
        isJSON
          ? story.json(batch, records: count, firstOrdinal: first + 1)
          : story.text(batch, records: count, firstOrdinal: first + 1))
      limit -= count
      batch.clear()
    }
    return .success
  }
}
