internal import CommandLine
internal import History
internal import Terminal

/// The table of all commands, and the way from a command line to one of them. No command names it: what the
/// help needs comes with the arguments.
enum Commands {
  private static let all: [any Command.Type] = [
    RunCommand.self, CheckCommand.self, ExplainCommand.self, StagesCommand.self,
    SearchCommand.self, TrailCommand.self, ReportCommand.self, LogCommand.self,
    IndexCommand.self, VerifyCommand.self, ProveCommand.self, FilesCommand.self, SchemaCommand.self,
    RetryCommand.self,
    CompactCommand.self, ExpireCommand.self, HoldCommand.self, KeysLearnCommand.self,
    KeysShowCommand.self, KeysGenerateSigningCommand.self, ClaimsLearnCommand.self,
    PseudonymCommand.self, HelpCommand.self, CompletionsCommand.self,
  ]

  static let program = ProgramSyntax(
    name: Tool.name, version: Tool.version,
    summary: "audit logs in, an archive that says who really did it out.",
    hint:
      "\"trailmill help COMMAND\" tells more, \"trailmill stages\" what a definition can do.",
    commands: all.map { $0.syntax })

  /// Carries out a command line.
  static func run(_ words: [String]) throws -> ExitCode {
    let help = HelpText(program)
    guard let name = program.commandName(words) else {
      Console.error(help.overview)
      return .usage
    }
    switch name {
    case "--version", "-V":
      try Console.output("\(Tool.nameAndVersion)\n")
      return .success
    case "--help", "-h":
      try Console.output(help.overview)
      return .success
    default: break
    }
    guard let command = all.first(where: { $0.syntax.name == name }) else {
      return try runGroup(name, words)
    }
    let rest = words.dropFirst(name.split(separator: " ").count)
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      try Console.output(help.command(command.syntax))
      return .success
    }
    return try command.run(
      try CommandArguments(parsing: rest, for: command.syntax, of: program))
  }

  /// A word that is no command by itself, but perhaps that of a group.
  private static func runGroup(_ name: String, _ words: [String]) throws -> ExitCode {
    guard !program.group(name).isEmpty else { throw program.unknownCommand(name) }
    let help = HelpText(program).group(name)
    if words.contains("--help") || words.contains("-h") {
      try Console.output(help)
      return .success
    }
    Console.error(help)
    return .usage
  }
}
