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
    [RunCommand.self, CheckCommand.self, ExplainCommand.self, StagesCommand.self, HelpCommand.self]
  }

  static func named(_ name: String) -> (any Command.Type)? {
    all.first { $0.syntax.name == name }
  }

  static func run(_ words: [String]) throws -> ExitCode {
    guard let name = words.first else {
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
    guard let command = named(name) else { throw unknown(name) }
    let rest = words.dropFirst()
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      try Console.output(HelpCommand.text(for: command.syntax))
      return .success
    }
    return try command.run(try CommandArguments(parsing: rest, for: command.syntax))
  }

  static func unknown(_ name: String) -> UsageError {
    let hint = nearest(name, in: all.map { $0.syntax.name }).map { "did you mean \"\($0)\"?" }
    return UsageError(
      "unknown command \"\(name)\": \(hint ?? "\"trailmill help\" lists the commands")")
  }
}
