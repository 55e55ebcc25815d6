internal import Bytes
internal import CommandLine
internal import Disk
internal import History
internal import Search
internal import Settings
internal import Terminal

/// `trailmill trail`: one identity's story.
enum TrailCommand: Command {
  private static let window = SharedOptions.window(
    since: "from this time on: 2024-01-31, yesterday, 7d (ago)", until: "before this time")
  private static let top = Option(
    "top", .number(1...10_000), "names in each list; default: 8")

  static let syntax = CommandSyntax(
    name: "trail", arguments: "ARCHIVE ACTOR|KEY", count: 2...2,
    completions: [.folders, .nothing],
    summary: "tell one identity's story: when, by which keys, from where, what",
    details: [
      """
      ACTOR is a display actor, an original actor or a retained claim, KEY the id or name of a key; either
      may be a pattern with * and ?. The events themselves: trailmill search ARCHIVE --actor ACTOR.
      """
    ],
    options: window.all + [
      FilterOptions.ignoreCase, top, SearchCommand.verified, SharedOptions.threads,
    ])

  struct Options: CommandOptions {
    let archive: String
    let identity: String
    let query: SearchQuery
    let top: Int
    let isVerified: Bool
    let threads: Int

    init(_ arguments: CommandArguments) throws {
      archive = arguments.operands[0]
      identity = arguments.operands[1]
      guard !identity.isEmpty else { throw UsageError("the actor or key is empty: name one") }
      var query = SearchQuery()
      query.conditions = [
        .identity(Glob(identity, ignoresCase: arguments.has(FilterOptions.ignoreCase)))
      ]
      query.window = try arguments.window(window)
      self.query = query
      top = try arguments.value(TrailCommand.top) ?? 8
      isVerified = arguments.has(SearchCommand.verified)
      threads = try arguments.threads
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let history = try ArchiveHistory(disk: Disk(), path: options.archive)
    var search = try ArchiveSearch(
      history, options.query, reading: options.isVerified ? .wholeParts : .members,
      threads: options.threads)
    var story = IdentityStory()
    try search.forEachUnordered(threads: options.threads) { story.add($0) }
    SearchEffortText.warn(
      of: search.effort.unusableIndexes, unnotedParts: search.effort.unnotedParts)
    SearchEffortText.noteUnverified(search.effort)
    let text = IdentityStoryText(
      story, of: options.identity, top: options.top, width: Process.outputColumns)
    try Console.output(text.text)
    return .success
  }
}
