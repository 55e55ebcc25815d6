internal import History
internal import Archive
internal import Bytes
internal import Disk

/// `trailmill hold`: a window of time that nothing may leave.
enum HoldCommand: Command {
  static let syntax = CommandSyntax(
    name: "hold", arguments: "ARCHIVE [NAME]", count: 1...2,
    summary: "protect a window of time from \"expire\" and \"--replace\", or end that",
    details: [
      """
      With a NAME and at least one of --since and --until the window is protected, until the same NAME
      is given with --release. Without a NAME the holds are listed.
      """
    ],
    options: [
      OptionSyntax(name: "since", value: "T", summary: "from this time on"),
      OptionSyntax(name: "until", value: "T", summary: "before this time"),
      OptionSyntax(name: "release", summary: "end the protection"),
      Maintenance.reasonOption,
    ] + Signing.options)

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let path = arguments.arguments[0]
    guard arguments.arguments.count == 2 else { return try list(path) }
    let name = arguments.arguments[1]
    guard !name.isEmpty, name.utf8.count <= 256 else {
      throw UsageError("the name of a hold must have 1 to 256 bytes")
    }
    let window = try RunOptions.window(arguments)
    let disk = Disk()
    let signer = try Signing.signer(arguments, disk)
    let archive = try ArchiveDirectory(disk: disk, path: path, mustExist: true)
    let holds = try LiveFiles(archive.manifests).holds
    let releases = arguments.has("release")
    if releases {
      guard holds[name] != nil else { throw UsageError("no such hold: \(name)") }
    } else {
      guard holds[name] == nil else {
        throw UsageError("there is a hold of that name: \(name): release it, or choose another")
      }
      guard window.isBounded else {
        throw UsageError("a hold needs a window: --since, --until or both")
      }
    }
    let facts = try Maintenance.facts(releases ? .release : .hold, arguments)
    let run = try Maintenance.commit(archive, facts, signer: signer) { _, commit in
      if releases {
        commit.releasedHold = name
      } else {
        commit.hold = Hold(
          name: name, window: window, reason: arguments.value("reason") ?? "")
      }
    }
    try Console.output(
      "\(releases ? "released" : "held"): \(Console.printable(name))\n  head  \(run.head.hex)\n")
    return .success
  }

  private static func list(_ path: String) throws -> ExitCode {
    let files = try LiveFiles(try ArchiveHistory(disk: Disk(), path: path))
    for hold in files.holds.values.sorted(by: { $0.name < $1.name }) {
      let since = hold.window.since.map(text) ?? "the beginning"
      let until = hold.window.until.map(text) ?? "the end"
      let reason = hold.reason.isEmpty ? "" : ": \(hold.reason)"
      try Console.output(Console.printable("\(hold.name): \(since) to \(until)\(reason)") + "\n")
    }
    return .success
  }

  private static func text(_ time: Timestamp) -> String {
    var text = ByteBuffer(capacity: 32)
    time.append(rfc3339To: &text)
    return String(decoding: text.view, as: UTF8.self)
  }
}
