internal import Disk
internal import Settings

/// A command of trailmill.
protocol Command {
  static var syntax: CommandSyntax { get }
  static func run(_ arguments: CommandArguments) throws -> ExitCode
}

/// Finds the command that a command line names.
enum Commands {
  static let version = "0.1.0"
  static var all: [any Command.Type] {
    [
      RunCommand.self, CheckCommand.self, ExplainCommand.self, StagesCommand.self,
      SearchCommand.self, TrailCommand.self, ReportCommand.self, IndexCommand.self,
      VerifyCommand.self, ProveCommand.self, FilesCommand.self,
      RetryCommand.self,
      CompactCommand.self, ExpireCommand.self, HoldCommand.self, KeysLearnCommand.self,
      KeysShowCommand.self, KeysGenerateSigningCommand.self, HelpCommand.self,
    ]
  }

  static func named(_ name: String) -> (any Command.Type)? {
    all.first { $0.syntax.name == name }
  }

  /// The commands whose names begin with the word `name`: `keys learn` and `keys show` of `keys`.
  static func group(_ name: String) -> [any Command.Type] {
    all.filter { $0.syntax.name.hasPrefix(name + " ") }
  }

  /// The name of the command that `words` begin with: two words where the first is that of a group.
  static func name(_ words: some Collection<String>) -> String? {
    guard let first = words.first, !group(first).isEmpty else { return words.first }
    guard let second = words.dropFirst().first, !second.hasPrefix("-") else { return first }
    return "\(first) \(second)"
  }

  static func run(_ words: [String]) throws -> ExitCode {
    guard let name = name(words) else {
      Console.error(HelpCommand.overview)
      return .usage
    }
    switch name {
    case "--version", "-V":
      try Console.output("trailmill \(version)\n")
      return .success
    case "--help", "-h":
      try Console.output(HelpCommand.overview)
      return .success
    default: break
    }
    guard let command = named(name) else { return try runGroup(name, words) }
    let rest = words.dropFirst(name.split(separator: " ").count)
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      try Console.output(HelpCommand.text(for: command.syntax))
      return .success
    }
    return try command.run(try CommandArguments(parsing: rest, for: command.syntax))
  }

  /// A word that is no command by itself, but perhaps that of a group.
  private static func runGroup(_ name: String, _ words: [String]) throws -> ExitCode {
    guard !group(name).isEmpty else { throw unknown(name) }
    if words.contains("--help") || words.contains("-h") {
      try Console.output(HelpCommand.text(forGroup: name))
      return .success
    }
    Console.error(HelpCommand.text(forGroup: name))
    return .usage
  }

  static func unknown(_ name: String) -> UsageError {
    let hint = nearest(name, in: all.map { $0.syntax.name }).map { "did you mean \"\($0)\"?" }
    return UsageError(
      "unknown command \"\(name)\": \(hint ?? "\"trailmill help\" lists the commands")")
  }
}
