internal import Archive
internal import Bytes
internal import CommandLine
internal import History
internal import Settings
internal import Terminal

/// `trailmill expire`: what is older than it has to be leaves, and the chain says so.
enum ExpireCommand: Command {
  private static let before = Option("before", .time, "a time: 2024-01-31, 400d (ago)")

  static let syntax = CommandSyntax(
    name: "expire", arguments: "ARCHIVE", count: 1...1, completions: [.folders],
    summary: "retire parts whose events are all older than a time, in one commit",
    details: [
      """
      The manifest says which parts, how many records, and why, so that a rightful deletion never
      looks like tampering. Quarantines of runs before that time retire too. The files are removed by a
      later "expire" or "compact", when the grace period is over; --grace 0s removes them at once.
      Digests of what was archived stay: what has expired does not come back with a late
      re-delivery.
      """
    ],
    options: [before, SharedOptions.grace] + Maintenance.options,
    endsWith: [.inUse])

  struct Options: CommandOptions {
    let maintenance: MaintenanceOptions
    let before: Timestamp
    let grace: TimeSpan
    let isDryRun: Bool

    init(_ arguments: CommandArguments) throws {
      guard let time = try arguments.value(ExpireCommand.before) else {
        throw UsageError(
          "--before is missing: name the time of which nothing older has to be kept")
      }
      before = time
      grace = try arguments.grace
      maintenance = try MaintenanceOptions(arguments)
      isDryRun = arguments.has(SharedOptions.dryRun)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let held = try MaintainedArchive(options.maintenance, isRehearsal: options.isDryRun)
    let files = try LiveFiles(held.archive.manifests)
    let retention = Retention(files, before: options.before)
    for part in retention.held {
      Console.message("held (\(part.hold)): \(part.path): it stays")
    }
    let what = text(retention)
    if options.isDryRun {
      try Console.output("would retire \(what)\n")
      return .success
    }
    if retention.expired.isEmpty {
      try Console.output("nothing has expired\n")
    } else {
      let run = try held.commit(.expire) { _, commit in
        commit.facts.window = TimeWindow(until: options.before)
        commit.retired =
          retention.expired + files.orphanedIndexes(retention.expired, .expired)
      }
      try Console.output("retired \(what)\n  head  \(run.head.hex)\n")
    }
    let removed = try held.sweep(grace: options.grace)
    if removed > 0 { try Console.output("removed \(Figures.counted(removed, "retired file"))\n") }
    return held.end(isPublished: !retention.expired.isEmpty)
  }

  private static func text(_ retention: Retention) -> String {
    let parts = retention.expired.filter(\.isPart)
    let records = Figures.sum(parts.lazy.map(\.records))
    return "\(Figures.counted(parts.count, "part")) with \(Figures.counted(records, "record")), "
      + Figures.counted(retention.expired.count - parts.count, "quarantine file")
  }
}
