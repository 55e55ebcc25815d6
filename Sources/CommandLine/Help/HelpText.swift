internal import Terminal

/// The help that the tables of a program make.
package struct HelpText {
  private static let commandWidth = 34
  private static let optionWidth = 32

  private let program: ProgramSyntax

  package init(_ program: ProgramSyntax) { self.program = program }

  /// What the program is, its commands and its exit codes.
  package var overview: String {
    var text = "\(program.name): \(program.summary)\n\nusage: \(program.name) COMMAND …\n\n"
    text += list(program.commands)
    text += HelpText.row("--version", HelpText.commandWidth, "print the version")
    text += "\n\(program.hint)\n\n"
    let codes = ExitCode.allCases.map { "\($0.rawValue) \($0.meaning)" } + [HelpText.bySignal]
    return text
      + TextColumns.wrapped("exit codes: " + codes.joined(separator: " · "), width: 96)
  }

  /// How every command may end beside its exit codes.
  static let bySignal = "128+n ended by signal n"

  /// The commands of a group.
  package func group(_ name: String) -> String {
    "usage: \(program.name) \(name) COMMAND …\n\n" + list(program.group(name))
      + "\n\"\(program.name) help \(name) COMMAND\" tells more.\n"
  }

  /// One command: usage, details, options, exit codes.
  package func command(_ command: CommandSyntax) -> String {
    var text = "usage: \(program.name) \(command.name) \(command.arguments)\n\n"
    text += "\(command.summary)\n"
    for paragraph in command.details { text += "\n\(paragraph)\n" }
    if !command.options.isEmpty { text += "\noptions:\n" }
    for option in command.options {
      text += HelpText.row(option.usage, HelpText.optionWidth, option.summary)
    }
    text += "\nexit codes:\n"
    for code in command.exitCodes { text += HelpText.row("\(code.rawValue)", 3, code.meaning) }
    return text
  }

  private func list(_ commands: [CommandSyntax]) -> String {
    commands.map {
      HelpText.row("\($0.name) \($0.arguments)", HelpText.commandWidth, $0.summary)
    }.joined()
  }

  private static func row(_ left: String, _ width: Int, _ right: String) -> String {
    "  " + TextColumns.padded(left, width) + right + "\n"
  }
}
