internal import Archive
internal import Bytes
internal import Codec
internal import CommandLine
internal import History
internal import Settings
internal import Terminal

/// `trailmill compact`: small parts become larger ones.
enum CompactCommand: Command {
  private static let partSize = Option(
    "part-size",
    .size(1024...(1 << 40), units: .definitions, demand: "must be a size such as 64MiB"),
    "default: 128MiB")
  private static let level = Option(
    "level", .number(0...19), "of compression, 0 to 9 of gzip, 1 to 19 of zstd; default: 6 and 3")
  private static let compression = Option(
    "compression", .compression(CompressionFormat.allCases.filter(\.isForArchives)),
    "what all parts become: gzip, zstd or none; default: each keeps its format")

  private static let into = Option(
    "into", .text("LAYOUT"), "hive, daily, collector, firehose, cloudtrail, or a template")
  private static let before = Option(
    "before", .time, "with --into: only parts whose events are all older: 2024-01-31, 400d (ago)")

  static let syntax = CommandSyntax(
    name: "compact", arguments: "ARCHIVE", count: 1...1, completions: [.folders],
    summary: "merge small parts in one commit, and remove files retired before",
    details: [
      """
      Parts of less than half of the part size are merged, folder by folder, record by record and
      byte for byte. The small ones retire in the same commit and are removed by a later "compact" or
      "expire", when the grace period is over: a reader that has begun with them can end.
      """,
      """
      With --into, parts are laid into the folders of another layout instead, hour by hour, within an
      hour commit by commit: all, or with --before those whose events are all older than a time. A run
      then goes on under that layout: give it to the definition's output.
      """,
      """
      With --compression, parts of another format are written anew, however large they are; with --into
      only those that are laid.
      """,
    ],
    options: [
      into, before, partSize, compression, level, SharedOptions.threads, SharedOptions.grace,
    ]
      + Maintenance.options,
    endsWith: [.inUse])

  struct Options: CommandOptions {
    let maintenance: MaintenanceOptions
    let partSize: Int
    let compression: PartCompression
    let threads: Int
    let grace: TimeSpan
    let isDryRun: Bool
    let layout: Layout?
    let before: Timestamp?

    init(_ arguments: CommandArguments) throws {
      threads = try arguments.threads
      let level = try arguments.value(CompactCommand.level)
      if let wanted = try arguments.value(CompactCommand.compression) {
        guard level == nil else {
          throw UsageError("--level and --compression exclude each other: write FORMAT:LEVEL")
        }
        compression = .changed(wanted)
      } else {
        compression = .kept(level: level)
      }
      grace = try arguments.grace
      maintenance = try MaintenanceOptions(arguments)
      partSize = try arguments.value(CompactCommand.partSize) ?? PartSettings.defaultPartSize
      isDryRun = arguments.has(SharedOptions.dryRun)
      before = try arguments.value(CompactCommand.before)
      layout = try arguments.value(CompactCommand.into).map(CompactCommand.layout)
      guard before == nil || layout != nil else {
        throw UsageError("--before is of use with --into only: name the layout")
      }
    }

    /// True if parts are to have another format.
    var isChanging: Bool {
      if case .changed = compression { true } else { false }
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let held = try MaintainedArchive(options.maintenance, isRehearsal: options.isDryRun)
    if let layout = options.layout { return try lay(into: layout, held, options) }
    var compaction = try compaction(held.archive, options)
    if options.isDryRun {
      let folders = Figures.counted(compaction.groups.count, "folder")
      let what = options.isChanging ? "compress anew" : "merge"
      try Console.output("would \(what) \(parts(of: compaction)) in \(folders)\n")
      return .success
    }
    if compaction.groups.isEmpty {
      try Console.output("nothing to \(options.isChanging ? "compress anew" : "merge")\n")
    }
    var isPublished = false
    // One commit for each dialect; nearly always that is one.
    while !compaction.groups.isEmpty {
      let parts = parts(of: compaction)
      let run = try held.commit(.compact) { run, commit in
        try compaction.stage(run, &commit, threads: options.threads)
      }
      isPublished = true
      try Console.output(
        "\(options.isChanging ? "compressed anew" : "merged") \(parts) into "
          + "\(Figures.grouped(run.parts))\n  head  \(run.head.hex)\n")
      compaction = try self.compaction(held.archive, options)
    }
    let removed = try held.sweep(grace: options.grace)
    if removed > 0 { try Console.output("removed \(Figures.counted(removed, "retired file"))\n") }
    return held.end(isPublished: isPublished)
  }

  private static func layout(_ text: String) throws -> Layout {
    do { return try Layout(parsing: text) } catch {
      throw UsageError("--into cannot be used: \(text.debugDescription): \(error.reason)")
    }
  }

  private static func lay(
    into layout: Layout, _ held: MaintainedArchive, _ options: Options
  ) throws -> ExitCode {
    func relayout() throws -> Relayout {
      try Relayout(
        LiveFiles(held.archive.manifests), into: layout, before: options.before,
        partSize: options.partSize, compression: options.compression)
    }
    var next = try relayout()
    if options.isDryRun {
      let parts = Figures.counted(next.parts.count, "part")
      try Console.output("would lay \(parts) into \(layout.name)\n")
      return .success
    }
    var isPublished = false
    // One commit for each dialect; nearly always that is one.
    while !next.parts.isEmpty {
      let parts = Figures.counted(next.parts.count, "part")
      let run = try held.commit(.compact) { run, commit in
        try next.stage(run, &commit, threads: options.threads)
      }
      isPublished = true
      try Console.output(
        "laid \(parts) into \(Figures.grouped(run.parts))\n  head  \(run.head.hex)\n")
      next = try relayout()
    }
    if !isPublished { try Console.output("nothing to lay into \(layout.name)\n") }
    let removed = try held.sweep(grace: options.grace)
    if removed > 0 { try Console.output("removed \(Figures.counted(removed, "retired file"))\n") }
    return held.end(isPublished: isPublished)
  }

  private static func compaction(
    _ archive: ArchiveDirectory, _ options: Options
  ) throws -> Compaction {
    try Compaction(
      LiveFiles(archive.manifests), partSize: options.partSize, compression: options.compression)
  }

  private static func parts(of compaction: Compaction) -> String {
    Figures.counted(compaction.groups.reduce(0) { $0 + $1.parts.count }, "part")
  }
}
