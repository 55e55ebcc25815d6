internal import Bytes
internal import CommandLine
internal import Disk
internal import Terminal
internal import Trail

/// `trailmill keys learn`: a versioned key directory from what the trail itself tells.
enum KeysLearnCommand: Command {
  private static let rules = Option(
    "rules", .file(), "where events tell that a key changed")
  static let syntax = CommandSyntax(
    name: "keys learn", arguments: "ARCHIVE|INPUT…", count: 1...1_000_000,
    completions: [.files],
    summary: "build a versioned key directory from the trail itself",
    details: [
      """
      Reads the events that create, change and delete API keys, and writes rows with valid_from and
      valid_to that "resolve_keys" takes as they are; each names the event that it came from
      (learned_from). The order of the inputs does not matter. A folder is read recursively: of an
      archive its published parts. No secret is ever copied.
      """,
      """
      Where events tell this is built in for the dialects spacelift and coder. FILE of --rules has
      rules of your own, which are tried first: docs/keys.md. Events that change a key and cannot be
      used are counted, and the first 20 named, on standard error.
      """,
    ],
    options: [
      LearningOptions.dialect, LearningOptions.definition, DefinitionOptions.set, rules,
      LearningOptions.output,
    ],
    endsWith: [.limit])

  struct Options: CommandOptions {
    let learning: LearningOptions
    let rules: String?

    init(_ arguments: CommandArguments) throws {
      learning = try LearningOptions(arguments)
      rules = try arguments.value(KeysLearnCommand.rules)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    let result = try SteadyRead.of(inputs: options.learning.inputs, disk) {
      try KeyLearning(options.learning.origin, disk)
        .run(options.learning.inputs, rules: options.rules)
    }
    let outcome = result.outcome
    for line in result.tally.messages { Console.message(line) }
    if let excess = outcome.excess {
      Console.message("\(excess): nothing was written")
      return .limit
    }
    try write(result.versions, to: options.learning.output, disk)
    for pattern in outcome.unmatchedPatterns { Console.message("matches nothing: \(pattern)") }
    let partial = result.tally.partial == 0 ? "" : "\(result.tally.partial) not learned in full, "
    Console.message(
      "\(outcome.records) records read, \(result.changes) changes of \(result.keys) keys found, "
        + "\(result.versions.count) rows written, \(result.tally.unusable) changes not usable, "
        + partial + "\(outcome.unreadable) records unreadable, \(outcome.skipped) names skipped")
    return .success
  }

  private static func write(_ versions: [KeyVersion], to path: String?, _ disk: Disk) throws {
    var row = ByteBuffer()
    try LearnedFile(path, disk).write { take in
      for version in versions {
        row.removeAll()
        version.append(to: &row)
        try take(row.view)
      }
    }
  }
}
