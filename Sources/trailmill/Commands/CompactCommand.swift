internal import Archive
internal import Bytes
internal import Codec
internal import CommandLine
internal import History
internal import Terminal

/// `trailmill compact`: small parts become larger ones.
enum CompactCommand: Command {
  private static let partSize = Option(
    "part-size",
    .size(1024...(1 << 40), units: .definitions, demand: "must be a size such as 64MiB"),
    "default: 128MiB")
  private static let level = Option(
    "level", .number(0...9), "of compression, 0 to 9; default: 6")

  static let syntax = CommandSyntax(
    name: "compact", arguments: "ARCHIVE", count: 1...1, completions: [.folders],
    summary: "merge small parts in one commit, and remove files retired before",
    details: [
      """
      Parts of less than half of the part size are merged, folder by folder, record by record and
      byte for byte. The small ones retire in the same commit and are removed by a later "compact" or
      "expire", when the grace period is over: a reader that has begun with them can end.
      """
    ],
    options: [partSize, level, SharedOptions.threads, SharedOptions.grace]
      + Maintenance.options,
    endsWith: [.inUse])

  struct Options: CommandOptions {
    let maintenance: MaintenanceOptions
    let partSize: Int
    let level: Int
    let threads: Int
    let grace: TimeSpan
    let isDryRun: Bool

    init(_ arguments: CommandArguments) throws {
      threads = try arguments.threads
      level = try arguments.value(CompactCommand.level) ?? 6
      grace = try arguments.grace
      maintenance = try MaintenanceOptions(arguments)
      partSize = try arguments.value(CompactCommand.partSize) ?? PartSettings.defaultPartSize
      isDryRun = arguments.has(SharedOptions.dryRun)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let held = try MaintainedArchive(options.maintenance, isRehearsal: options.isDryRun)
    var compaction = try compaction(held.archive, options)
    if options.isDryRun {
      let folders = Figures.counted(compaction.groups.count, "folder")
      try Console.output("would merge \(parts(of: compaction)) in \(folders)\n")
      return .success
    }
    if compaction.groups.isEmpty { try Console.output("nothing to merge\n") }
    var isPublished = false
    // One commit for each dialect; nearly always that is one.
    while !compaction.groups.isEmpty {
      let parts = parts(of: compaction)
      let run = try held.commit(.compact) { run, commit in
        try compaction.stage(run, &commit, threads: options.threads)
      }
      isPublished = true
      try Console.output(
        "merged \(parts) into \(Figures.grouped(run.parts))\n  head  \(run.head.hex)\n")
      compaction = try self.compaction(held.archive, options)
    }
    let removed = try held.sweep(grace: options.grace)
    if removed > 0 { try Console.output("removed \(Figures.counted(removed, "retired file"))\n") }
    return held.end(isPublished: isPublished)
  }

  private static func compaction(
    _ archive: ArchiveDirectory, _ options: Options
  ) throws -> Compaction {
    Compaction(
      try LiveFiles(archive.manifests), partSize: options.partSize,
      compression: Compression(format: .gzip, level: options.level))
  }

  private static func parts(of compaction: Compaction) -> String {
    Figures.counted(compaction.groups.reduce(0) { $0 + $1.parts.count }, "part")
  }
}
