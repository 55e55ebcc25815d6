internal import CommandLine
internal import Settings
internal import Terminal

/// `trailmill completions`: what a shell offers while a command line is typed.
enum CompletionsCommand: Command {
  private static let shells = Shell.allCases.map(\.rawValue)

  static let syntax = CommandSyntax(
    name: "completions", arguments: shells.joined(separator: "|"), count: 1...1,
    completions: [.words(shells)],
    summary: "write a script that completes commands, options and values",
    details: [
      """
      For bash: source <(trailmill completions bash). For zsh: save it as _trailmill in a folder of
      fpath. For fish: trailmill completions fish | source.
      """
    ])

  struct Options: CommandOptions {
    let program: ProgramSyntax
    let shell: Shell

    init(_ arguments: CommandArguments) throws {
      program = arguments.program
      let name = arguments.operands[0]
      guard let shell = Shell(rawValue: name) else {
        throw UsageError(
          "the shell must be one of \(shells.joined(separator: ", ")), found \"\(name)\"")
      }
      self.shell = shell
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    try Console.output(options.shell.completions(options.program))
    return .success
  }
}
