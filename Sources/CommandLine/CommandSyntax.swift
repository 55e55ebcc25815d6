package import Terminal

/// A command: its name, what may follow it, and what it does. Parser, help, man page and completions are made
/// from it.
package struct CommandSyntax: Sendable {
  /// How every command can end.
  private static let commonExitCodes: Set<ExitCode> = [.success, .usage, .fault]

  /// One word, or two for a command of a group: `keys learn`.
  package let name: String
  /// As the usage line shows them.
  package let arguments: String
  /// Fewest and most arguments.
  let count: ClosedRange<Int>
  /// What a shell offers for each argument; the last one counts for all that follow.
  let completions: [Completion]
  /// One line.
  package let summary: String
  /// Paragraphs of the command's own help.
  let details: [String]
  package let options: [OptionSyntax]
  /// How the command can end, in the order of the numbers.
  let exitCodes: [ExitCode]

  /// `endsWith` are the exit codes that not every command has.
  package init(
    name: String, arguments: String, count: ClosedRange<Int>, completions: [Completion] = [],
    summary: String, details: [String] = [], options: [any AnyOption] = [],
    endsWith codes: Set<ExitCode> = []
  ) {
    self.name = name
    self.arguments = arguments
    self.count = count
    self.completions = completions
    self.summary = summary
    self.details = details
    self.options = options.map(\.syntax)
    exitCodes = ExitCode.allCases.filter {
      CommandSyntax.commonExitCodes.contains($0) || codes.contains($0)
    }
  }

  /// What a shell offers for the argument with this number, from 0.
  func completion(ofArgument number: Int) -> Completion {
    number < completions.count ? completions[number] : completions.last ?? .nothing
  }

  /// True if the argument with this number, from 0, is a path.
  func isPath(argument number: Int) -> Bool {
    switch completion(ofArgument: number) {
    case .files, .folders: true
    default: false
    }
  }
}
