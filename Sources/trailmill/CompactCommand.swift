internal import History
internal import Archive
internal import Bytes
internal import Codec
internal import Disk
internal import Engine
internal import Settings

/// `trailmill compact`: small parts become larger ones.
enum CompactCommand: Command {
  static let syntax = CommandSyntax(
    name: "compact", arguments: "ARCHIVE", count: 1...1,
    summary: "merge small parts in one commit, and remove files retired before",
    details: [
      """
      Parts of less than half of the part size are merged, folder by folder, record by record and
      byte for byte. The small ones retire in the same commit and are removed by a later "compact" or
      "expire", when the grace period is over: a reader that has begun with them can end.
      """
    ],
    options: [
      OptionSyntax(name: "part-size", value: "SIZE", summary: "default: 128MiB"),
      OptionSyntax(name: "level", value: "N", summary: "of compression, 0 to 9; default: 6"),
      OptionSyntax(name: "threads", value: "N", summary: "workers; default: one per processor"),
      Maintenance.graceOption, Maintenance.reasonOption, Maintenance.dryRunOption,
    ] + Signing.options)

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let threads =
      try RunOptions.number(arguments, "threads", 1...256) ?? Runner.defaultThreads
    let level = try RunOptions.number(arguments, "level", 0...9) ?? 6
    let grace = try Maintenance.grace(arguments)
    let disk = Disk()
    let signer = try Signing.signer(arguments, disk)
    let archive = try ArchiveDirectory(
      disk: disk, path: arguments.arguments[0], mustExist: true)
    let size = try partSize(arguments)
    let compression = Compression(format: .gzip, level: level)
    var compaction = Compaction(
      try LiveFiles(archive.manifests), partSize: size, compression: compression)
    if arguments.has("dry-run") {
      let parts = compaction.groups.reduce(0) { $0 + $1.parts.count }
      try Console.output(
        "would merge \(Maintenance.count(parts, "part")) in \(Maintenance.count(compaction.groups.count, "folder"))\n"
      )
      return .success
    }
    if compaction.groups.isEmpty { try Console.output("nothing to merge\n") }
    // One commit for each dialect; nearly always that is one.
    while !compaction.groups.isEmpty {
      let parts = compaction.groups.reduce(0) { $0 + $1.parts.count }
      let run = try Maintenance.commit(
        archive, try Maintenance.facts(.compact, arguments), signer: signer
      ) { run, commit in
        try compaction.stage(run, &commit, threads: threads)
      }
      try Console.output(
        "merged \(Maintenance.count(parts, "part")) into \(Summary.grouped(run.parts))\n  head  \(run.head.hex)\n"
      )
      compaction = Compaction(
        try LiveFiles(archive.manifests), partSize: size, compression: compression)
    }
    let removed = try Maintenance.sweep(archive, grace: grace)
    if removed > 0 { try Console.output("removed \(Maintenance.count(removed, "retired file"))\n") }
    return .success
  }

  private static func partSize(_ arguments: CommandArguments) throws(UsageError) -> Int {
    guard let text = arguments.value("part-size") else { return PartSettings.defaultPartSize }
    guard let size = Units.bytes(text), (1024...(1 << 40)).contains(size) else {
      throw UsageError("--part-size must be a size such as 64MiB, found \"\(text)\"")
    }
    return size
  }
}
