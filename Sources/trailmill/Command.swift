internal import CommandLine
internal import Terminal

/// A command of trailmill.
protocol Command: SendableMetatype {
  associatedtype Options: CommandOptions
  static var syntax: CommandSyntax { get }
  static func run(_ options: Options) throws -> ExitCode
}

/// What a command line asks a command for, read into values once.
protocol CommandOptions {
  init(_ arguments: CommandArguments) throws
}

extension Command {
  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    try run(try Options(arguments))
  }
}
