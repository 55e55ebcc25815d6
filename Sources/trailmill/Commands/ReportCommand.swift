internal import Bytes
internal import CommandLine
internal import Disk
internal import Engine
internal import History
internal import Report
internal import Search
internal import Settings
internal import Terminal
internal import Verify

/// `trailmill report`: who did what and when, as a page or on the terminal.
enum ReportCommand: Command {
  private static let output = Option(
    "output", .output("FILE.html|-", or: "-"), letter: "o",
    "write a page there; \"-\" is standard output")
  private static let budget = Option(
    "detail-budget",
    .size(
      0...500_000_000, units: .decimalToo, demand: "must be a size up to 500MB such as 2MB"),
    "events that are embedded whole, such as 2MB; default: 10MB, 0 for none")
  private static let verify = Flag("verify", "verify the archive too, and say what came of it")
  private static let head = Option(
    "head", .digest, "with --verify: the head that was kept elsewhere")

  static let syntax = CommandSyntax(
    name: "report", arguments: "ARCHIVE", count: 1...1, completions: [.folders],
    summary: "show who did what, on the terminal or as one self-contained page",
    details: [
      """
      Without -o the figures go to standard output as text. With it they become one HTML file that
      needs no network: pictures that can be filtered and zoomed, and the events themselves up to
      --detail-budget, signalled and newest ones first. What does not fit is counted, and said.
      """,
      """
      The archive is read without a lock and not changed. Parts are compared with their digests while
      they are read; only --verify compares everything with the history, and ends with 5 if something
      does not hold.
      """,
    ],
    options: [output, budget, verify, head] + FilterOptions.all,
    endsWith: [.verification])

  struct Options: CommandOptions {
    let archive: String
    /// Where the page goes; nil for figures on standard output.
    let output: String?
    let limits: ReportLimits
    let query: SearchQuery
    let verifies: Bool
    let head: Digest256?

    init(_ arguments: CommandArguments) throws {
      archive = arguments.operands[0]
      output = try arguments.value(ReportCommand.output)
      var limits = ReportLimits()
      let budget = try arguments.value(budget) ?? limits.detailBudget
      limits.detailBudget = output == nil ? 0 : budget
      self.limits = limits
      query = try FilterOptions.query(arguments)
      verifies = arguments.has(verify)
      guard verifies || !arguments.has(ReportCommand.head) else {
        throw UsageError("--head means nothing without --verify")
      }
      head = try arguments.value(ReportCommand.head)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    try OutputFile.check(options.output, disk)
    let verification = try verification(options, disk)
    let (report, figures) = try SteadyRead.of(archive: options.archive, disk) { history in
      try SignalFilter.check(options.query, history, threads: Runner.defaultThreads)
      var report = try ArchiveReport(history, limits: options.limits)
      let figures = try report.run(
        options.query, verification: verification, threads: Runner.defaultThreads)
      return (report, figures)
    }
    SearchEffortText.warn(of: report.unusableIndexes, unnotedParts: report.unnotedParts)
    SignalFilter.warn(of: report.unusableLists)
    SearchEffortText.noteUnnamedCandidates(report.unnamedCandidates)
    if let output = options.output {
      try write(figures, to: output, disk)
    } else {
      try Console.output(
        TextReport.text(
          figures, width: Process.outputColumns ?? 80,
          isUnicode: Process.isUnicode(Process.environment)))
    }
    if case .findings(let count, _) = verification, count > 0 { return .verification }
    return .success
  }

  private static func write(_ figures: ReportFigures, to path: String, _ disk: Disk) throws {
    var page = ByteBuffer(capacity: 1 << 20)
    try Page.append(figures, to: &page)
    // Whom it concerns is in it, and the events themselves: for its owner alone, like an archive.
    try OutputFile.write(page.view, to: path, mode: 0o600, disk)
  }

  private static func verification(
    _ options: Options, _ disk: Disk
  ) throws -> ArchiveFacts.Verification {
    guard options.verifies else { return .none }
    var settings = VerificationOptions(verifiesSignature: PublicKey.verifies)
    settings.head = options.head
    settings.threads = Runner.defaultThreads
    var verification = try Verification(disk: disk, path: options.archive, options: settings)
    return .findings(try verification.run().count, isPinned: settings.head != nil)
  }
}
