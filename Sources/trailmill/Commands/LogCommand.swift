internal import Archive
internal import Bytes
internal import CommandLine
internal import Disk
internal import History
internal import Search
internal import Settings
internal import Terminal

/// `trailmill log`: the commits of an archive, or what lies in their lists.
enum LogCommand: Command {
  private static let ends = SharedOptions.window(
    since: "commits from this time on: 2024-01-31, yesterday, 7d (ago)",
    until: "commits before this time")
  private static let quarantine = Flag(
    "quarantine", "show what lies in the quarantine instead: what was turned away, and why")
  private static let signals = Flag("signals", "show the lists of signals instead")
  private static let reverse = Flag("reverse", "the newest commit first")
  private static let limit = Option("limit", .number(1...Int.max), "stop after N lines")
  private static let format = Option(
    "format", .choice(ReportForm.self), "a table, or one JSON object a line")

  static let syntax = CommandSyntax(
    name: "log", arguments: "ARCHIVE", count: 1...1, completions: [.folders],
    summary: "list the commits: what each read, wrote, took out, why, and its head",
    details: [
      """
      Each line is a commit, the oldest first: what it read and what became of it, how many records it took
      out of the archive, its inputs or the name of its hold, the reason that was given, and its head, which
      is what "trailmill verify --head" takes. As JSON there are all inputs with their digests too.
      """,
      """
      --quarantine shows what lies in the quarantine, which "trailmill retry" runs again; as JSON with the
      bytes that were turned away. --signals shows the signals, those that belong to no event (a forged
      delivery, an account that is silent) too; as JSON as they were listed. It takes no lock.
      """,
    ],
    options: [quarantine, signals] + ends.all + [reverse, limit, format])

  struct Options: CommandOptions {
    let archive: String
    /// Nil for the commits themselves.
    let list: CommitList?
    /// When commits were.
    let window: TimeWindow
    let order: EventOrder
    let limit: Int
    let form: ReportForm

    init(_ arguments: CommandArguments) throws {
      archive = arguments.operands[0]
      let (showsQuarantine, showsSignals) = (arguments.has(quarantine), arguments.has(signals))
      guard !(showsQuarantine && showsSignals) else {
        throw UsageError("--quarantine and --signals show two lists: give one")
      }
      list = showsQuarantine ? .quarantine : showsSignals ? .signals : nil
      window = try arguments.window(ends)
      order = arguments.has(reverse) ? .newestFirst : .oldestFirst
      limit = try arguments.value(LogCommand.limit) ?? .max
      form = try arguments.value(format) ?? .text
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    let output = OutputBuffer()
    try SteadyRead.of([options.archive], disk, mayBegin: output.forget) {
      let history = try ArchiveHistory(disk: disk, path: options.archive)
      if let list = options.list {
        try show(list, history, options, output)
      } else {
        try showCommits(history, options, output)
      }
    }
    return .success
  }

  private static func showCommits(
    _ history: ArchiveHistory, _ options: Options, _ output: OutputBuffer
  ) throws {
    // Nothing is shown of a commit that is not on the chain.
    let heads = try history.heads()
    var printer = LogPrinter(CommitEntry.columns, output)
    var left = options.limit
    var number = options.order == .newestFirst ? history.last : 1
    while number >= 1, number <= history.last, left > 0 {
      defer { number += options.order == .newestFirst ? -1 : 1 }
      let header = try history.header(number)
      guard header.head == heads[number - 1] else { throw history.offChain(number) }
      guard isWanted(header.finished, options.window) else { continue }
      left -= 1
      let entry = CommitEntry(header, try history.rows(of: header))
      switch options.form {
      case .text: try printer.add(entry.row)
      case .json: try printer.add(json: entry.json)
      }
    }
    try printer.finish()
  }

  private static func show(
    _ list: CommitList, _ history: ArchiveHistory, _ options: Options, _ output: OutputBuffer
  ) throws {
    struct Enough: Error {}
    let live = try LiveFiles(history)
    var files = live.all(list.kind).sorted { $0.sequence < $1.sequence }
    if options.order == .newestFirst { files.reverse() }
    var printer = LogPrinter(["commit"] + list.columns.map(\.title), output)
    var reader = ListedRowReader(list)
    var left = options.limit
    do {
      for file in files where isWanted(live.finished[file.sequence], options.window) {
        // What was altered is found at its end: so nothing is shown before that.
        if left > 0 { try history.forEachLine(of: file) { _ in } }
        try history.forEachLine(of: file) { line in
          guard left > 0 else { throw Enough() }
          left -= 1
          switch options.form {
          case .text: try printer.add(["\(file.sequence)"] + reader.row(line))
          case .json: try printer.add(json: String(decoding: line, as: UTF8.self) + "\n")
          }
        }
      }
    } catch is Enough {}
    try printer.finish()
  }

  private static func isWanted(_ time: Timestamp?, _ window: TimeWindow) -> Bool {
    guard window.isBounded else { return true }
    return time.map { window.contains($0.microseconds) } ?? false
  }
}

extension CommitList {
  /// The files that the rows lie in.
  fileprivate var kind: FileKind {
    switch self {
    case .quarantine: .quarantine
    case .signals: .signals
    }
  }
}
