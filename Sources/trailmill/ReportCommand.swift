internal import Settings
internal import Crypto
internal import History
internal import Verify
internal import Bytes
internal import Disk
internal import Engine
internal import Report

/// `trailmill report`: who did what and when, as a page or on the terminal.
enum ReportCommand: Command {
  static let syntax = CommandSyntax(
    name: "report", arguments: "ARCHIVE", count: 1...1,
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
    options: [
      OptionSyntax(name: "output", value: "FILE.html", letter: "o", summary: "write a page there"),
      OptionSyntax(
        name: "detail-budget", value: "SIZE",
        summary: "events that are embedded whole, such as 2MB; default: 10MB, 0 for none"),
      OptionSyntax(name: "verify", summary: "verify the archive too, and say what came of it"),
      OptionSyntax(
        name: "head", value: "DIGEST", summary: "with --verify: the head that was kept elsewhere"),
    ] + SearchCommand.filterOptions)

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let disk = Disk()
    let output = arguments.value("output")
    if output == "" { throw UsageError("--output needs a path") }
    var limits = ReportLimits()
    let budget = try budget(arguments) ?? limits.detailBudget
    limits.detailBudget = output == nil ? 0 : budget
    let query = try SearchCommand.query(arguments)
    let verification = try verification(arguments, disk)
    var report = try ArchiveReport(
      ArchiveHistory(disk: disk, path: arguments.arguments[0]), limits: limits)
    let figures = try report.run(query, verification: verification, threads: Runner.defaultThreads)
    SearchCommand.warn(of: report.unusableIndexes)
    if let output {
      try write(figures, to: output, disk)
    } else {
      try Console.output(text(figures))
    }
    if case .findings(let count, _) = verification, count > 0 { return .verification }
    return .success
  }

  private static func write(_ figures: ReportFigures, to path: String, _ disk: Disk) throws {
    var page = ByteBuffer(capacity: 1 << 20)
    try Page.append(figures, to: &page)
    // Whom it concerns is in it, and the events themselves: for its owner alone, like an archive.
    let file = try AtomicFile(disk, path: path, mode: 0o600)
    try file.write(page.view)
    try file.commit()
  }

  private static func text(_ figures: ReportFigures) -> String {
    let environment = Process.environment
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty } ?? ""
    let isUnicode = locale.lowercased().hasSuffix("utf-8") || locale.lowercased().hasSuffix("utf8")
    return TextReport.text(
      figures, width: Process.outputColumns ?? 80, isUnicode: isUnicode,
      printable: Console.printable)
  }

  // MARK: Options

  /// Bytes: a number, or one with `kB`, `MB`, `KiB` or `MiB`.
  private static func budget(_ arguments: CommandArguments) throws(UsageError) -> Int? {
    guard let text = arguments.value("detail-budget") else { return nil }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units = ["": 1, "kB": 1000, "MB": 1_000_000, "KiB": 1024, "MiB": 1_048_576]
    guard let number = Int(digits), let unit = units[String(text.dropFirst(digits.count))],
      number <= 500_000_000 / unit
    else {
      throw UsageError("--detail-budget must be a size up to 500MB such as 2MB, found \"\(text)\"")
    }
    return number * unit
  }

  private static func verification(
    _ arguments: CommandArguments, _ disk: Disk
  ) throws -> ArchiveFacts.Verification {
    guard arguments.has("verify") else {
      if arguments.has("head") { throw UsageError("--head means nothing without --verify") }
      return .none
    }
    var options = VerificationOptions { key, signature, message in
      var key = key
      return key.withUTF8 { VerifyingKey(hex: $0) }?.verifies(signature, of: message) ?? false
    }
    options.head = try arguments.value("head").map(ProofCheck.digest)
    options.threads = Runner.defaultThreads
    var verification = try Verification(
      disk: disk, path: arguments.arguments[0], options: options)
    return .findings(try verification.run().findings.count, isPinned: options.head != nil)
  }
}
