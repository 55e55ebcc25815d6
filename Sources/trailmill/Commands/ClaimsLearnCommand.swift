internal import CommandLine
internal import Disk
internal import Terminal
internal import Trail

/// `trailmill claims learn`: a claim store from what the trail itself tells.
enum ClaimsLearnCommand: Command {
  private static let rules = Option(
    "rules", .file(), "where events tell that a credential was issued")

  static let syntax = CommandSyntax(
    name: "claims learn", arguments: "ARCHIVE|INPUT…", count: 1...1_000_000,
    completions: [.files],
    summary: "build a claim store from the trail itself",
    details: [
      """
      Reads the events that issue credentials, and writes a row for each that "display_actor" takes as it
      is: whose credential it is, its times, its claims, and who asked for it (via), which leads from a
      credential to the person behind it. The order of the inputs does not matter. A folder is read
      recursively: of an archive its published parts. No secret and no whole token is ever copied.
      """,
      """
      Only events of an archive that were verified when they were archived (verify_signature) are the
      issuer's word; other rows say "unverified", and no "trusted_issuers" holds for them.
      """,
      """
      Where events tell this is built in for the dialects cloudtrail and github. FILE of --rules has rules
      of your own, which are tried first: docs/claims.md. Events that issue a credential and cannot be
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
      rules = try arguments.value(ClaimsLearnCommand.rules)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    let (outcome, sink) = try ClaimLearning(options.learning.origin, disk)
      .run(options.learning.inputs, rules: options.rules)
    for line in sink.tally.messages { Console.message(line) }
    guard sink.tooMany == 0 else {
      Console.message(
        "\(sink.tooMany) of \(sink.credentials + sink.tooMany) credentials are more than the "
          + "\(LearnedRows.mostBytes) bytes that can be kept (most_learned): learn from fewer inputs at a "
          + "time: nothing was written")
      return .limit
    }
    if let excess = outcome.excess {
      Console.message("\(excess): nothing was written")
      return .limit
    }
    var rows = 0
    try LearnedFile(options.learning.output, disk).write { take in
      rows = try sink.finish(take)
    }
    for pattern in outcome.unmatchedPatterns { Console.message("matches nothing: \(pattern)") }
    let partial = sink.tally.partial == 0 ? "" : "\(sink.tally.partial) not learned in full, "
    Console.message(
      "\(outcome.records) records read, \(sink.credentials) credentials found, \(rows) rows written, "
        + "\(sink.unverified) not verified, \(sink.tally.unusable) events not usable, " + partial
        + "\(outcome.unreadable) records unreadable, \(outcome.skipped) names skipped")
    return .success
  }
}
