internal import CommandLine
internal import Disk
internal import History
internal import Terminal

/// `trailmill files`: the exact set of published parts.
enum FilesCommand: Command {
  private static let null = Flag("null", "end paths with a zero byte, for xargs -0")
  private static let relative = Flag("relative", "print paths relative to the archive")

  static let syntax = CommandSyntax(
    name: "files", arguments: "ARCHIVE", count: 1...1, completions: [.folders],
    summary: "print the exact set of published parts, one path a line",
    details: [
      """
      Just after a commit a glob may find fewer parts than were published. This is the exact set, from the
      manifests; it needs no lock. Where a file is gone by the time it is read, take the list again.
      """
    ],
    options: [null, relative])

  struct Options: CommandOptions {
    let archive: String
    let endsWithNull: Bool
    let isRelative: Bool

    init(_ arguments: CommandArguments) throws {
      archive = arguments.operands[0]
      endsWithNull = arguments.has(null)
      isRelative = arguments.has(relative)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let history = try ArchiveHistory(disk: Disk(), path: options.archive)
    let prefix = options.isRelative ? "" : history.path + "/"
    let end = options.endsWithNull ? "\0" : "\n"
    let output = OutputBuffer()
    for part in try LiveFiles(history).all(.part) {
      try output.append(prefix + part.row.path + end)
    }
    try output.flush()
    return .success
  }
}
