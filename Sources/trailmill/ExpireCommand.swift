internal import History
internal import Archive
internal import Bytes
internal import Disk

/// `trailmill expire`: what is older than it has to be leaves, and the chain says so.
enum ExpireCommand: Command {
  static let syntax = CommandSyntax(
    name: "expire", arguments: "ARCHIVE", count: 1...1,
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
    options: [
      OptionSyntax(name: "before", value: "T", summary: "a time (RFC 3339) or date"),
      Maintenance.graceOption, Maintenance.reasonOption, Maintenance.dryRunOption,
    ] + Signing.options)

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    guard let time = try RunOptions.time(arguments, "before") else {
      throw UsageError("--before is missing: name the time of which nothing older has to be kept")
    }
    let grace = try Maintenance.grace(arguments)
    let disk = Disk()
    let signer = try Signing.signer(arguments, disk)
    let archive = try ArchiveDirectory(
      disk: disk, path: arguments.arguments[0], mustExist: true)
    let files = try LiveFiles(archive.manifests)
    let retention = Retention(files, before: time)
    for held in retention.held {
      Console.message("held (\(held.hold)): \(held.path): it stays")
    }
    let parts = retention.expired.filter(\.isPart)
    let records = parts.reduce(0) { $0 + $1.records }
    let what =
      "\(Maintenance.count(parts.count, "part")) with \(Maintenance.count(records, "record")), "
      + Maintenance.count(retention.expired.count - parts.count, "quarantine file")
    if arguments.has("dry-run") {
      try Console.output("would retire \(what)\n")
      return .success
    }
    if retention.expired.isEmpty {
      try Console.output("nothing has expired\n")
    } else {
      let run = try Maintenance.commit(
        archive, try Maintenance.facts(.expire, arguments), signer: signer
      ) { _, commit in
        commit.facts.window = TimeWindow(until: time)
        commit.retired =
          retention.expired + files.orphanedIndexes(retention.expired, .expired)
      }
      try Console.output("retired \(what)\n  head  \(run.head.hex)\n")
    }
    let removed = try Maintenance.sweep(archive, grace: grace)
    if removed > 0 { try Console.output("removed \(Maintenance.count(removed, "retired file"))\n") }
    return .success
  }
}
