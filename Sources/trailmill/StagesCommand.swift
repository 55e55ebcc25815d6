internal import Settings
internal import Stages

/// `trailmill stages`: the reference of what a definition can do, made from the stages' own tables.
enum StagesCommand: Command {
  static let syntax = CommandSyntax(
    name: "stages", arguments: "[NAME]", count: 0...1,
    summary: "list the stages, or explain one: settings, defaults, an example",
    options: [
      OptionSyntax(
        name: "format", value: "text|markdown", summary: "markdown: the reference of all stages")
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let format = arguments.value("format") ?? "text"
    guard ["text", "markdown"].contains(format) else {
      throw UsageError("--format must be text or markdown, found \"\(format)\"")
    }
    if let name = arguments.arguments.first {
      guard let stage = AllStages.named(name) else {
        let hint = nearest(name, in: AllStages.all.map { $0.manual.name }).map {
          "did you mean \"\($0)\"?"
        }
        throw UsageError(
          "unknown stage \"\(name)\": \(hint ?? "\"trailmill stages\" lists them")")
      }
      try Console.output(
        format == "text"
          ? StageReference.text(stage.manual) : StageReference.markdown(stage.manual))
    } else if format == "markdown" {
      try Console.output(StageReference.markdown)
    } else {
      try Console.output(StageReference.overview)
    }
    return .success
  }
}
