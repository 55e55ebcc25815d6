/// A shell that completions are made for.
package enum Shell: String, CaseIterable, Sendable {
  case bash, zsh, fish

  /// The script that completes the commands, options and values of a program.
  package func completions(_ program: ProgramSyntax) -> String {
    switch self {
    case .bash: BashCompletions(program: program).text
    case .zsh: ZshCompletions(program: program).text
    case .fish: FishCompletions(program: program).text
    }
  }
}
