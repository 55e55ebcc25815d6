internal import CommandLine
internal import Disk
internal import Settings
internal import Terminal
internal import Trail

/// `trailmill claims learn`: a claim store from what the trail itself tells.
enum ClaimsLearnCommand: Command {
  private static let rules = Option(
    "rules", .file(), "where events tell that a credential was issued, or a token exchanged")
  private static let sessions = Option(
    "sessions", .file(), "the claim store of tokens that are exchanged: learn their sessions")

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
      Where events tell this is built in for the dialects cloudtrail, github and spacelift. FILE of --rules
      has rules of your own, which are tried first: docs/claims.md. Events that issue a credential and cannot
      be used are counted, and the first 20 named, on standard error.
      """,
      """
      With --sessions the events are those in which a token of the claim store FILE was exchanged for a
      session that outlives it, and the rules (--rules) say which these are, of which key, from which
      address, and how long sessions last. What is written is that store, and a row for each session and
      each token that was valid at that moment, so that an event that names no token is held against the
      sessions of its key and address: docs/claims.md says when that names nobody wrong.
      """,
    ],
    options: [
      LearningOptions.dialect, LearningOptions.definition, DefinitionOptions.set, rules,
      sessions, LearningOptions.output,
    ],
    endsWith: [.limit])

  struct Options: CommandOptions {
    let learning: LearningOptions
    let rules: String?
    /// The claim store of the tokens that are exchanged; nil where none are.
    let sessions: String?

    init(_ arguments: CommandArguments) throws {
      learning = try LearningOptions(arguments)
      rules = try arguments.value(ClaimsLearnCommand.rules)
      sessions = try arguments.value(ClaimsLearnCommand.sessions)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    if let store = options.sessions { return try learnSessions(store, options, disk) }
    let (outcome, sink) = try SteadyRead.of(inputs: options.learning.inputs, disk) {
      try ClaimLearning(options.learning.origin, disk)
        .run(options.learning.inputs, rules: options.rules)
    }
    for line in sink.tally.messages { Console.message(line) }
    guard fits(sink.tooMany, of: sink.credentials, "credentials", outcome) else { return .limit }
    var rows = 0
    try LearnedFile(options.learning.output, disk).write { take in
      rows = try sink.finish(take)
    }
    conclude(
      "\(sink.credentials) credentials found, \(rows) rows written, \(sink.unverified) not verified",
      sink.tally, outcome)
    return .success
  }

  /// False, with a message, if not all of what was found could be kept, or too much was unreadable.
  private static func fits(
    _ tooMany: Int, of kept: Int, _ what: String, _ outcome: Learning.Outcome
  ) -> Bool {
    guard tooMany == 0 else {
      Console.message(
        "\(tooMany) of \(kept + tooMany) \(what) are more than the "
          + "\(LearnedRows.mostBytes) bytes that can be kept (most_learned): learn from fewer inputs at a "
          + "time: nothing was written")
      return false
    }
    if let excess = outcome.excess {
      Console.message("\(excess): nothing was written")
      return false
    }
    return true
  }

  private static func conclude(
    _ figures: String, _ tally: LearningTally, _ outcome: Learning.Outcome
  ) {
    for pattern in outcome.unmatchedPatterns { Console.message("matches nothing: \(pattern)") }
    let partial = tally.partial == 0 ? "" : "\(tally.partial) not learned in full, "
    Console.message(
      "\(outcome.records) records read, \(figures), \(tally.unusable) events not usable, " + partial
        + "\(outcome.unreadable) records unreadable, \(outcome.skipped) names skipped")
  }

  // MARK: Sessions

  private static func learnSessions(
    _ store: String, _ options: Options, _ disk: Disk
  ) throws -> ExitCode {
    guard let rules = options.rules else {
      throw UsageError("--sessions needs --rules FILE: which events are exchanges of tokens")
    }
    let found = try SteadyRead.of(inputs: options.learning.inputs, disk) {
      try SessionLearning(options.learning.origin, disk)
        .run(options.learning.inputs, rules: rules, store: store)
    }
    let (outcome, sink, terms) = (found.outcome, found.sink, found.rules.terms)
    for line in sink.tally.messages { Console.message(line) }
    guard fits(sink.tooMany, of: sink.exchanges.count, "exchanges", outcome) else { return .limit }
    let isWhole = sink.tally.unusable == 0 && outcome.unreadable == 0
    let learner = SessionLearner(
      found.tokens, sink.exchanges, found.rules, trail: isWhole ? outcome.times : nil)
    var figures = SessionLearner.Figures()
    let file = try LearnedFile(options.learning.output, disk)
    try write(learner, to: file, &figures)
    for line in warnings(terms, figures, isWhole: isWhole) { Console.message(line) }
    conclude(
      "\(figures.exchanges) exchanges found (\(figures.ofOne) of one token, "
        + "\(figures.ofSeveral) of several, \(figures.ofNone) of none), "
        + "\(figures.exchangedTokens) of \(figures.tokens) tokens accounted for, "
        + "\(figures.rows) rows written, \(figures.unverified) not verified",
      sink.tally, outcome)
    return .success
  }

  private static func write(
    _ learner: consuming SessionLearner, to file: LearnedFile,
    _ figures: inout SessionLearner.Figures
  ) throws {
    var left: SessionLearner? = consume learner
    try file.write { take in
      if let learner = left.take() { figures = try learner.finish(take) }
    }
  }

  /// What keeps tokens from being accounted for.
  private static func warnings(
    _ terms: SessionTerms, _ figures: SessionLearner.Figures, isWhole: Bool
  ) -> [String] {
    var warnings: [String] = []
    if !terms.isComplete, !terms.isOnce {
      warnings.append(
        "the rules say neither that the trail has every exchange (sessions.complete) nor that a token is "
          + "exchanged once (sessions.once): every token counts as before, and its sessions beside it"
      )
    }
    if terms.isComplete, !isWhole {
      warnings.append(
        "what could not be read or used may have been an exchange: sessions.complete does not count"
      )
    }
    if figures.overdrawnKeys > 0 {
      warnings.append(
        "more exchanges than tokens that can have been exchanged, of \(figures.overdrawnKeys) keys: for "
          + "them sessions.once does not count")
    }
    return warnings
  }
}
