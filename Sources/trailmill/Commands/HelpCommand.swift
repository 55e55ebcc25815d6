internal import CommandLine
internal import Settings
internal import Terminal

/// `trailmill help`: made from the same table that the parser uses.
enum HelpCommand: Command {
  private static let man = Flag("man", "write the manual page instead, for man -l")

  static let syntax = CommandSyntax(
    name: "help", arguments: "[COMMAND]", count: 0...2, completions: [.commands, .nothing],
    summary: "explain trailmill, or one of its commands", options: [man])

  struct Options: CommandOptions {
    let program: ProgramSyntax
    let words: [String]
    let writesManualPage: Bool

    init(_ arguments: CommandArguments) throws {
      program = arguments.program
      words = arguments.operands
      writesManualPage = arguments.has(man)
      guard !writesManualPage || words.isEmpty else {
        throw UsageError("--man is about all commands: leave the name out")
      }
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    try Console.output(
      options.writesManualPage ? ManualPage(options.program).text : try text(options))
    return .success
  }

  private static func text(_ options: Options) throws(UsageError) -> String {
    let (program, words) = (options.program, options.words)
    let help = HelpText(program)
    guard let first = words.first, let name = program.commandName(words) else {
      return help.overview
    }
    if name == first, !program.group(name).isEmpty { return help.group(name) }
    guard let command = program.command(named: name),
      words.count <= name.split(separator: " ").count
    else { throw program.unknownCommand(words.joined(separator: " ")) }
    return help.command(command)
  }
}
