internal import Bytes
internal import CommandLine
internal import Engine
internal import Settings

/// Options that several commands have.
enum SharedOptions {
  static let threads = Option(
    "threads", .number(1...256), "workers; default: one per processor")
  static let reason = Option("reason", .text(), "why, for the manifest")
  static let dryRun = Flag("dry-run", "say what would be done, and do nothing")
  static let grace = Option(
    "grace", .duration, "remove files that were retired longer ago than this; default: 1d")
  static let summary = Option("summary", .choice(SummaryForm.self), "on standard error")

  /// `--since` and `--until`, with what a command says of them.
  static func window(since: String, until: String) -> WindowOptions {
    WindowOptions(since: Option("since", .time, since), until: Option("until", .time, until))
  }
}

/// How a command writes what it reports.
enum ReportForm: String, CaseIterable { case text, json }

/// The two ends of a window of time.
struct WindowOptions {
  let since: Option<Timestamp>
  let until: Option<Timestamp>

  var all: [any AnyOption] { [since, until] }
}

extension CommandArguments {
  /// How many workers are asked for.
  var threads: Int {
    get throws(UsageError) { try value(SharedOptions.threads) ?? Runner.defaultThreads }
  }

  /// How long retired files stay, at least.
  var grace: TimeSpan {
    get throws(UsageError) { try value(SharedOptions.grace) ?? .days(1) }
  }

  /// The window that is asked for; it ends later than it begins.
  func window(_ options: WindowOptions) throws(UsageError) -> TimeWindow {
    let window = TimeWindow(
      since: try value(options.since), until: try value(options.until))
    if window.isEmpty { throw UsageError("--until must be later than --since") }
    return window
  }
}
