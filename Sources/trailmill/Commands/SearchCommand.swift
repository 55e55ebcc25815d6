internal import Bytes
internal import CommandLine
internal import Disk
internal import History
internal import Search
internal import Settings
internal import Terminal
internal import Trail

/// `trailmill search`: who did what, when.
enum SearchCommand: Command {
  private static let format = Option(
    "format", .choice(EventFormat.self), "a table is the default on a terminal")
  private static let count = Flag("count", "print how many there are, and nothing else")
  private static let countBy = Option(
    "count-by", .countedField, "print how many of each there are: of each actor, day, …")
  private static let reverse = Flag("reverse", "the newest first; of counts the last")
  private static let limit = Option(
    "limit", .number(1...Int.max), "stop after N events, or N counts")
  private static let explain = Flag(
    "explain", "say on standard error what was opened and skipped")
  private static let noIndex = Flag("no-index", "open everything")
  static let verified = Flag(
    "verified", "read parts whole, and stop at one that is not as it was committed")

  static let syntax = CommandSyntax(
    name: "search", arguments: "ARCHIVE", count: 1...1, completions: [.folders],
    summary: "find events: who did what, when",
    details: [
      """
      All filters have to hold; a value may be a pattern with * and ?, and with a ! before it the event must
      not have it: --actor '!bot*' (a ! of the value itself is written \\!). Events come in the order of
      time, those without one last, as they are archived. It takes no lock. What the index rules out is
      not opened; without one it finds the same, more slowly. Of a part of which only members are opened
      nobody knows whether it was altered: a line on standard error says so, and --verified reads such parts
      whole.
      """,
      """
      --count-by takes \(CountedField.names.joined(separator: ", ")), or a JSON Pointer; days and hours are
      those of UTC. It prints lines of a count, a tab and a value, - for no value, or what --format says.
      """,
    ],
    options: FilterOptions.all + [
      format, count, countBy, reverse, limit, explain, noIndex, verified,
      SharedOptions.threads,
    ])

  struct Options: CommandOptions {
    let archive: String
    var query: SearchQuery
    /// What is printed instead of the events: how many there are, or how many by this field.
    let counts: Bool
    let countedField: CountedField?
    /// Of events, or of counts by a field.
    let format: EventFormat
    let order: EventOrder
    let limit: Int
    let explains: Bool
    let usesIndex: Bool
    let isVerified: Bool
    let threads: Int

    /// True if what is found or shown depends on what was added to the events.
    var believesAdded: Bool {
      query.believesAdded || (counts ? countedField != nil : format != .ndjson)
    }

    init(_ arguments: CommandArguments) throws {
      archive = arguments.operands[0]
      threads = try arguments.threads
      limit = try arguments.value(SearchCommand.limit) ?? .max
      query = try FilterOptions.query(arguments)
      countedField = try arguments.value(countBy)
      query.counted = countedField?.pointer
      counts = arguments.has(count) || countedField != nil
      order = arguments.has(reverse) ? .newestFirst : .oldestFirst
      let isTable = Process.isOutputTerminal || countedField != nil
      format = try arguments.value(SearchCommand.format) ?? (isTable ? .table : .ndjson)
      if arguments.has(count) { try Options.refuseBesideCount(arguments) }
      explains = arguments.has(explain)
      usesIndex = !arguments.has(noIndex)
      isVerified = arguments.has(verified)
    }

    /// A number alone has no order, no end, no form and no field.
    private static func refuseBesideCount(_ arguments: CommandArguments) throws(UsageError) {
      let others: [any AnyOption] = [countBy, reverse, SearchCommand.limit, SearchCommand.format]
      for option in others where arguments.has(option) {
        throw UsageError("--\(option.syntax.name) means nothing with --count: leave it out")
      }
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    let output = OutputBuffer()
    return try SteadyRead.of([options.archive], disk, mayBegin: output.forget) {
      try run(options, disk, output)
    }
  }

  private static func run(
    _ options: Options, _ disk: Disk, _ output: OutputBuffer
  ) throws -> ExitCode {
    let history = try ArchiveHistory(disk: disk, path: options.archive)
    try SignalFilter.check(options.query, history, threads: options.threads)
    var search = try ArchiveSearch(
      history, options.query, reading: options.isVerified ? .wholeParts : .members,
      usesIndex: options.usesIndex, threads: options.threads)
    if options.counts {
      try count(&search, options)
    } else {
      try show(&search, options, disk, output)
    }
    SearchEffortText.warn(
      of: search.effort.unusableIndexes,
      unnotedParts: options.believesAdded ? search.effort.unnotedParts : 0)
    SearchEffortText.noteUnverified(search.effort)
    SearchEffortText.noteUnnamedCandidates(search.effort.unnamedCandidates)
    if options.query.asksForSignals || options.countedField == .field(.signal) {
      SignalFilter.noteOfNoEvent(options.query, history, search.files)
    }
    if options.explains { Console.error(SearchEffortText.text(search.effort)) }
    return .success
  }

  private static func count(_ search: inout ArchiveSearch, _ options: Options) throws {
    var counts = EventCounts(options.countedField, options.query)
    try search.forEachUnordered(threads: options.threads) { counts.add($0) }
    guard let field = options.countedField else { return try Console.output("\(counts.total)\n") }
    try CountPrinter(options.format, by: field).put(
      counts, isReversed: options.order == .newestFirst, limit: options.limit)
    guard counts.others > 0 else { return }
    Console.message(
      "more than \(Figures.grouped(EventCounts.mostValues)) values, or "
        + "\(Figures.size(EventCounts.mostBytes)) of them (max_values): "
        + "\(Figures.counted(counts.others, "event")) with other values stand in one line, and the "
        + "order may be another: ask for fewer with a filter")
  }

  private static func show(
    _ search: inout ArchiveSearch, _ options: Options, _ disk: Disk, _ output: OutputBuffer
  ) throws {
    var printer = EventPrinter(options.format, search.files, output)
    var left = options.limit
    let folder = Process.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    try search.forEach(options.order, disk, threads: options.threads, temporaryFolder: folder) {
      line, part in
      try printer.add(line, of: part)
      left -= 1
      return left > 0
    }
    try printer.finish()
  }
}

extension OptionKind where Value == CountedField {
  /// The name of a field, or a JSON Pointer.
  fileprivate static var countedField: Self {
    Self(
      "FIELD", .words(CountedField.names),
      demand: "must be one of \(CountedField.names.joined(separator: ", ")), or a JSON Pointer"
    ) { text, _ in try CountedField(text) }
  }
}
