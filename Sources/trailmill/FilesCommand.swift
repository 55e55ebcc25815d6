internal import History
internal import Disk

/// `trailmill files`: the exact set of published parts.
enum FilesCommand: Command {
  static let syntax = CommandSyntax(
    name: "files", arguments: "ARCHIVE", count: 1...1,
    summary: "print the exact set of published parts, one path a line",
    details: [
      """
      Just after a commit a glob may find fewer parts than were published, and after "compact" or a
      replacement more. This is the exact set, from the manifests; it needs no lock.
      """
    ],
    options: [
      OptionSyntax(name: "null", summary: "end paths with a zero byte, for xargs -0"),
      OptionSyntax(name: "relative", summary: "print paths relative to the archive"),
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let history = try ArchiveHistory(disk: Disk(), path: arguments.arguments[0])
    let prefix = arguments.has("relative") ? "" : history.path + "/"
    let end = arguments.has("null") ? "\0" : "\n"
    var text = ""
    for part in try LiveFiles(history).all(.part) {
      text += prefix + part.row.path + end
      guard text.utf8.count > 1 << 16 else { continue }
      try Console.output(text)
      text = ""
    }
    try Console.output(text)
    return .success
  }
}
