internal import History
internal import Bytes
internal import Disk
internal import Engine
internal import JSONText
internal import Search
internal import Trail

/// `trailmill search`: who did what, when.
enum SearchCommand: Command {
  static let filterOptions: [OptionSyntax] = [
    OptionSyntax(
      name: "actor", value: "TEXT", repeats: true,
      summary: "display actor, original actor or a retained claim"),
    OptionSyntax(name: "key", value: "TEXT", repeats: true, summary: "id or name of an API key"),
    OptionSyntax(name: "action", value: "TEXT", repeats: true, summary: "what was done"),
    OptionSyntax(name: "resource", value: "TEXT", repeats: true, summary: "what it was done to"),
    OptionSyntax(
      name: "ip", value: "ADDRESS|BLOCK", repeats: true, summary: "where from, such as 10.0.0.0/8"),
    OptionSyntax(name: "account", value: "TEXT", repeats: true, summary: "whose events"),
    OptionSyntax(name: "signal", value: "NAME", repeats: true, summary: "what it is a sign of"),
    OptionSyntax(name: "since", value: "T", summary: "from this time on (RFC 3339 or date)"),
    OptionSyntax(name: "until", value: "T", summary: "before this time"),
    OptionSyntax(
      name: "where", value: "/POINTER=VALUE", repeats: true,
      summary: "the value at a JSON Pointer"),
  ]

  static let syntax = CommandSyntax(
    name: "search", arguments: "ARCHIVE", count: 1...1,
    summary: "find events: who did what, when",
    details: [
      """
      All filters have to hold; a value may be a pattern with * and ?. Events come in the order of
      time, those without one last, as they are archived. It takes no lock. What the index rules out is
      not opened; without one it finds the same, more slowly.
      """
    ],
    options: filterOptions + [
      OptionSyntax(
        name: "format", value: "ndjson|table|csv",
        summary: "a table is the default on a terminal"),
      OptionSyntax(name: "count", summary: "print how many there are"),
      OptionSyntax(
        name: "count-by", value: "FIELD",
        summary: "actor, key, action, resource, ip, account, signal, kind, from, match or a pointer"
      ),
      OptionSyntax(name: "limit", value: "N", summary: "stop after N events"),
      OptionSyntax(name: "explain", summary: "say on standard error what was opened and skipped"),
      OptionSyntax(name: "no-index", summary: "open everything"),
      OptionSyntax(name: "threads", value: "N", summary: "workers; default: one per processor"),
    ])

  /// What the filters of a command line ask for.
  static func query(_ arguments: CommandArguments) throws -> SearchQuery {
    var query = SearchQuery()
    for field in SearchField.allCases {
      for text in arguments.values(field.rawValue) { query.add(field, text) }
    }
    for text in arguments.values("where") { query.conditions.append(try condition(text)) }
    query.window = try RunOptions.window(arguments)
    return query
  }

  private static func condition(_ text: String) throws -> SearchQuery.Condition {
    let (pointer, value) = try WhereOption.pointer(text)
    return .pointer(pointer, Glob(value))
  }

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let disk = Disk()
    let threads = try RunOptions.number(arguments, "threads", 1...256) ?? Runner.defaultThreads
    let limit = try RunOptions.number(arguments, "limit", 1...Int.max) ?? .max
    let format: EventFormat = try RunOptions.choice(
      arguments, "format", default: Process.isOutputTerminal ? .table : .ndjson)
    var query = try query(arguments)
    let history = try ArchiveHistory(disk: disk, path: arguments.arguments[0])
    let counting = try arguments.value("count-by").map { try CountedField($0, &query) }
    var search = try ArchiveSearch(
      history, query, usesIndex: !arguments.has("no-index"), threads: threads)
    if arguments.has("count") || counting != nil {
      var counts = EventCounts(counting)
      try search.forEachUnordered(threads: threads) { counts.add($0) }
      try counts.write(limit: limit)
    } else {
      var printer = try EventPrinter(format, search.files)
      var left = limit
      let folder = Process.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
      try search.forEach(disk, threads: threads, temporaryFolder: folder) { line, part in
        try printer.add(line, of: part)
        left -= 1
        return left > 0
      }
      try printer.finish()
    }
    say(search.effort, arguments)
    return .success
  }

  /// Says what was slower than it needed to be.
  static func warn(of unusableIndexes: [String]) {
    for path in unusableIndexes {
      Console.message(
        "an index is missing or damaged, so its parts were opened whole: \(path): run `trailmill index`"
      )
    }
  }

  /// What was done, where somebody asked.
  private static func say(_ effort: SearchEffort, _ arguments: CommandArguments) {
    warn(of: effort.unusableIndexes)
    guard arguments.has("explain") else { return }
    Console.error(
      """
        parts    \(Summary.grouped(effort.parts)), \(Summary.grouped(effort.skippedParts)) ruled out, \(Summary.grouped(effort.openedParts)) without an index opened whole
        members  \(Summary.grouped(effort.members)) in those that are left, \(Summary.grouped(effort.openedMembers)) opened
        read     \(Summary.size(effort.bytesRead)), \(Summary.size(effort.textRead)) of text, \(Summary.grouped(effort.eventsRead)) events looked at closely
        found    \(Summary.grouped(effort.found))

      """)
  }
}
