internal import Archive
internal import Bytes
internal import CommandLine
internal import History
internal import Terminal

/// `trailmill index`: what a search goes by, made or mended.
enum IndexCommand: Command {
  static let syntax = CommandSyntax(
    name: "index", arguments: "ARCHIVE", count: 1...1, completions: [.folders],
    summary: "make the search index of parts that have none, in one commit",
    details: [
      """
      Every run writes the index of its own parts. This is for archives from before that, and for
      indexes that were lost or damaged: a search finds the same without them, only later.
      """
    ],
    options: [SharedOptions.threads] + Maintenance.options,
    endsWith: [.inUse])

  struct Options: CommandOptions {
    let maintenance: MaintenanceOptions
    let threads: Int
    let isDryRun: Bool

    init(_ arguments: CommandArguments) throws {
      threads = try arguments.threads
      maintenance = try MaintenanceOptions(arguments)
      isDryRun = arguments.has(SharedOptions.dryRun)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let held = try MaintainedArchive(options.maintenance, isRehearsal: options.isDryRun)
    let manifests = held.archive.manifests
    let mending = try IndexMending(
      manifests, try LiveFiles(manifests), threads: options.threads)
    let what = Figures.counted(mending.parts.count, "part")
    guard !mending.parts.isEmpty else {
      try Console.output("every part has an index\n")
      return held.end(isPublished: false)
    }
    if options.isDryRun {
      try Console.output("would index \(what)\n")
      return .success
    }
    let run = try held.commit(.index) { run, commit in
      try mending.stage(run, &commit, threads: options.threads)
    }
    try Console.output("indexed \(what)\n  head  \(run.head.hex)\n")
    return held.end(isPublished: true)
  }
}
