package import Settings

/// A program and all of its commands.
package struct ProgramSyntax: Sendable {
  package let name: String
  package let version: String
  /// What it is for, in one line.
  let summary: String
  /// Behind the list of commands: where more is told.
  let hint: String
  package let commands: [CommandSyntax]

  package init(
    name: String, version: String, summary: String, hint: String, commands: [CommandSyntax]
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.hint = hint
    self.commands = commands
  }

  package func command(named name: String) -> CommandSyntax? {
    commands.first { $0.name == name }
  }

  /// The commands whose names begin with the word `name`: `keys learn` and `keys show` of `keys`.
  package func group(_ name: String) -> [CommandSyntax] {
    commands.filter { $0.name.hasPrefix(name + " ") }
  }

  /// The first words of all commands, each once.
  var firstWords: [String] {
    var words: [String] = []
    for command in commands {
      let word = command.name.prefix { $0 != " " }
      if !words.contains(String(word)) { words.append(String(word)) }
    }
    return words
  }

  /// The name of the command that `words` begin with: two words where the first is that of a group.
  package func commandName(_ words: some Collection<String>) -> String? {
    guard let first = words.first, !group(first).isEmpty else { return words.first }
    guard let second = words.dropFirst().first, !second.hasPrefix("-") else { return first }
    return "\(first) \(second)"
  }

  /// The error of a command that does not exist.
  package func unknownCommand(_ name: String) -> UsageError {
    let hint = nearest(name, in: commands.map(\.name)).map { "did you mean \"\($0)\"?" }
    return UsageError(
      "unknown command \"\(name)\": \(hint ?? "\"\(self.name) help\" lists the commands")")
  }
}
