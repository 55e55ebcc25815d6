internal import Bytes
internal import History
internal import Archive
internal import Disk
internal import Engine

/// `trailmill index`: what a search goes by, made or mended.
enum IndexCommand: Command {
  static let syntax = CommandSyntax(
    name: "index", arguments: "ARCHIVE", count: 1...1,
    summary: "make the search index of parts that have none, in one commit",
    details: [
      """
      Every run writes the index of its own parts. This is for archives from before that, and for
      indexes that were lost or damaged: a search finds the same without them, only later.
      """
    ],
    options: [
      OptionSyntax(name: "threads", value: "N", summary: "workers; default: one per processor"),
      Maintenance.reasonOption, Maintenance.dryRunOption,
    ] + Signing.options)

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let threads =
      try RunOptions.number(arguments, "threads", 1...256) ?? Runner.defaultThreads
    let disk = Disk()
    let signer = try Signing.signer(arguments, disk)
    let archive = try ArchiveDirectory(
      disk: disk, path: arguments.arguments[0], mustExist: true)
    let mending = try IndexMending(
      archive.manifests, try LiveFiles(archive.manifests), threads: threads)
    let what = Maintenance.count(mending.parts.count, "part")
    guard !mending.parts.isEmpty else {
      try Console.output("every part has an index\n")
      return .success
    }
    if arguments.has("dry-run") {
      try Console.output("would index \(what)\n")
      return .success
    }
    let run = try Maintenance.commit(
      archive, try Maintenance.facts(.index, arguments), signer: signer
    ) { run, commit in
      try mending.stage(run, &commit, threads: threads)
    }
    try Console.output("indexed \(what)\n  head  \(run.head.hex)\n")
    return .success
  }
}
