internal import Archive
internal import Bytes
internal import CommandLine
internal import Disk
internal import History
internal import Settings
internal import Terminal

/// `trailmill hold`: a window of time that nothing may leave.
enum HoldCommand: Command {
  private static let ends = SharedOptions.window(
    since: "from this time on", until: "before this time")
  private static let release = Flag("release", "end the protection")
  private static let longestName = 256

  static let syntax = CommandSyntax(
    name: "hold", arguments: "ARCHIVE [NAME]", count: 1...2, completions: [.folders, .nothing],
    summary: "protect a window of time from \"expire\" and \"--replace\", or end that",
    details: [
      """
      With a NAME and at least one of --since and --until the window is protected, until the same NAME
      is given with --release. Without a NAME the holds are listed.
      """
    ],
    options: ends.all + [release, SharedOptions.reason] + MaintenanceOptions.evidence,
    endsWith: [.inUse])

  struct Options: CommandOptions {
    let maintenance: MaintenanceOptions
    /// Nil to list the holds.
    let name: String?
    let window: TimeWindow
    let releases: Bool

    init(_ arguments: CommandArguments) throws {
      name = arguments.operands.dropFirst().first
      if let name {
        guard !name.isEmpty, name.utf8.count <= longestName else {
          throw UsageError("the name of a hold must have 1 to \(longestName) bytes")
        }
      }
      window = try arguments.window(ends)
      releases = arguments.has(release)
      maintenance = try MaintenanceOptions(arguments)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    guard let name = options.name else { return try list(options.maintenance.archive) }
    let held = try MaintainedArchive(options.maintenance)
    try check(name, options, isHeld: try LiveFiles(held.archive.manifests).holds[name] != nil)
    let run = try held.commit(options.releases ? .release : .hold) { _, commit in
      if options.releases {
        commit.releasedHold = name
      } else {
        commit.hold = Hold(
          name: name, window: options.window, reason: options.maintenance.reason ?? "")
      }
    }
    let what = options.releases ? "released" : "held"
    try Console.output("\(what): \(Console.printable(name))\n  head  \(run.head.hex)\n")
    return held.end(isPublished: true)
  }

  private static func check(_ name: String, _ options: Options, isHeld: Bool) throws(UsageError) {
    if options.releases {
      guard isHeld else { throw UsageError("no such hold: \(name)") }
    } else {
      guard !isHeld else {
        throw UsageError("there is a hold of that name: \(name): release it, or choose another")
      }
      guard options.window.isBounded else {
        throw UsageError("a hold needs a window: --since, --until or both")
      }
    }
  }

  private static func list(_ path: String) throws -> ExitCode {
    let files = try LiveFiles(try ArchiveHistory(disk: Disk(), path: path))
    for hold in files.holds.values.sorted(by: { $0.name < $1.name }) {
      let since = hold.window.since?.rfc3339 ?? "the beginning"
      let until = hold.window.until?.rfc3339 ?? "the end"
      let reason = hold.reason.isEmpty ? "" : ": \(hold.reason)"
      try Console.output(Console.printable("\(hold.name): \(since) to \(until)\(reason)") + "\n")
    }
    return .success
  }
}
