/// `trailmill help`: made from the same table that the parser uses.
enum HelpCommand: Command {
  static let syntax = CommandSyntax(
    name: "help", arguments: "[COMMAND]", count: 0...2,
    summary: "explain trailmill, or one of its commands")

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    guard let first = arguments.arguments.first, let name = Commands.name(arguments.arguments)
    else {
      try Console.output(overview)
      return .success
    }
    if name == first, !Commands.group(name).isEmpty {
      try Console.output(text(forGroup: name))
      return .success
    }
    guard let command = Commands.named(name), arguments.arguments.count <= name.words else {
      throw Commands.unknown(arguments.arguments.joined(separator: " "))
    }
    try Console.output(text(for: command.syntax))
    return .success
  }

  static var overview: String {
    var text = """
      trailmill: audit logs in, an archive that says who really did it out.

      usage: trailmill COMMAND …


      """
    for command in Commands.all.map({ $0.syntax }) {
      text += "  " + padded("\(command.name) \(command.arguments)", 34) + command.summary + "\n"
    }
    text += "  " + padded("--version", 34) + "print the version\n"
    text += """

      "trailmill help COMMAND" tells more, "trailmill stages" what a definition can do.

      exit codes: 0 done, or nothing to do · 2 command line or definition is wrong · 3 too much in
      quarantine · 4 reading, writing or the environment failed · 5 what was verified does
      not hold · 6 the archive is in use · 7 signals were found, and the definition says to fail on
      them (published) · 128+n ended by signal n

      """
    return text
  }

  /// What the commands of a group are.
  static func text(forGroup name: String) -> String {
    var text = "usage: trailmill \(name) COMMAND …\n\n"
    for command in Commands.group(name).map({ $0.syntax }) {
      text += "  " + padded("\(command.name) \(command.arguments)", 34) + command.summary + "\n"
    }
    return text + "\n\"trailmill help \(name) COMMAND\" tells more.\n"
  }

  static func text(for command: CommandSyntax) -> String {
    var text = "usage: trailmill \(command.name) \(command.arguments)\n\n\(command.summary)\n"
    for paragraph in command.details { text += "\n\(paragraph)\n" }
    guard !command.options.isEmpty else { return text }
    text += "\noptions:\n"
    for option in command.options {
      let letter = option.letter.map { "-\($0), " } ?? ""
      let name = letter + "--" + option.name + (option.value.map { " " + $0 } ?? "")
      text += "  " + padded(name, 32) + option.summary + "\n"
    }
    return text
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}

extension String {
  fileprivate var words: Int { split(separator: " ").count }
}
