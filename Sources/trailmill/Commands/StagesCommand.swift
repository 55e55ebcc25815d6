internal import CommandLine
internal import Settings
internal import Stages
internal import Terminal

/// `trailmill stages`: the reference of what a definition can do, made from the stages' own tables.
enum StagesCommand: Command {
  enum Form: String, CaseIterable { case text, markdown }

  private static let format = Option(
    "format", .choice(Form.self), "markdown: the reference of all stages")

  static let syntax = CommandSyntax(
    name: "stages", arguments: "[NAME]", count: 0...1,
    completions: [.words(AllStages.all.map { $0.manual.name })],
    summary: "list the stages, or explain one: settings, defaults, an example",
    options: [format])

  struct Options: CommandOptions {
    let stage: String?
    let form: Form

    init(_ arguments: CommandArguments) throws {
      stage = arguments.operands.first
      form = try arguments.value(StagesCommand.format) ?? .text
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    try Console.output(try text(options))
    return .success
  }

  private static func text(_ options: Options) throws(UsageError) -> String {
    switch (try options.stage.map { (name) throws(UsageError) in try manual(name) }, options.form) {
    case (let manual?, .text): StageReference.text(manual)
    case (let manual?, .markdown): StageReference.markdown(manual)
    case (nil, .text): StageReference.overview
    case (nil, .markdown): StageReference.markdown
    }
  }

  private static func manual(_ name: String) throws(UsageError) -> StageManual {
    if let stage = AllStages.named(name) { return stage.manual }
    let hint = nearest(name, in: AllStages.all.map { $0.manual.name }).map {
      "did you mean \"\($0)\"?"
    }
    throw UsageError("unknown stage \"\(name)\": \(hint ?? "\"trailmill stages\" lists them")")
  }
}
