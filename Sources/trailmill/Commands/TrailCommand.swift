internal import Bytes
internal import CommandLine
internal import Disk
internal import History
internal import Search
internal import Settings
internal import Terminal
internal import Trail

/// `trailmill trail`: one identity's story.
enum TrailCommand: Command {
  private static let window = SharedOptions.window(
    since: "from this time on: 2024-01-31, yesterday, 7d (ago)", until: "before this time")
  private static let top = Option(
    "top", .number(1...10_000), "names in each list; default: 8")
  private static let key = Flag(
    "key", "the story of the key of that id or name, whoever is called so too")

  static let syntax = CommandSyntax(
    name: "trail", arguments: "ARCHIVE ACTOR|KEY", count: 2...2,
    completions: [.folders, .nothing],
    summary: "tell one identity's story: when, by which keys, from where, what",
    details: [
      """
      ACTOR is a display actor, an original actor or a retained claim, KEY the id or name of a key; either
      may be a pattern with * and ?. Where somebody is called as a key is, it is that person's story, and a
      line says how many events were made with the key: --key tells of these. Another line says of how many
      events ACTOR is one of those who it could have been. The events themselves: trailmill search ARCHIVE
      --actor ACTOR, or --candidate ACTOR.
      """
    ],
    options: window.all + [
      key, FilterOptions.ignoreCase, top, SearchCommand.verified, SharedOptions.threads,
    ])

  struct Options: CommandOptions {
    let archive: String
    let identity: String
    let query: SearchQuery
    /// Asks for events that somebody of that name may have made; nil where a key is asked for.
    let candidates: SearchQuery?
    let top: Int
    let isVerified: Bool
    let threads: Int

    init(_ arguments: CommandArguments) throws {
      archive = arguments.operands[0]
      identity = arguments.operands[1]
      guard !identity.isEmpty else { throw UsageError("the actor or key is empty: name one") }
      var query = SearchQuery()
      let name = Glob(identity, ignoresCase: arguments.has(FilterOptions.ignoreCase))
      let isKey = arguments.has(TrailCommand.key)
      query.conditions = [isKey ? .field(.key, name) : .identity(name)]
      query.window = try arguments.window(window)
      self.query = query
      query.conditions = [.field(.candidate, name)]
      candidates = isKey ? nil : query
      top = try arguments.value(TrailCommand.top) ?? 8
      isVerified = arguments.has(SearchCommand.verified)
      threads = try arguments.threads
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    let (text, notes) = try SteadyRead.of([options.archive], disk) { try told(options, disk) }
    try Console.output(text)
    for note in notes { Console.message(note) }
    return .success
  }

  /// The story, and what is said besides.
  private static func told(_ options: Options, _ disk: Disk) throws -> (String, notes: [String]) {
    let history = try ArchiveHistory(disk: disk, path: options.archive)
    var search = try ArchiveSearch(
      history, options.query, reading: options.isVerified ? .wholeParts : .members,
      threads: options.threads)
    var story = IdentityStory()
    var ofKeys = IdentityStory()
    try search.forEachUnordered(threads: options.threads) { event in
      if options.query.isOfSomebody(event) { story.add(event) } else { ofKeys.add(event) }
    }
    let others = story.events > 0 ? ofKeys.events : 0
    if story.events == 0 { story = ofKeys }
    let candidates = try options.candidates.map { try self.candidates($0, history, options) }
    SearchEffortText.warn(
      of: search.effort.unusableIndexes, unnotedParts: search.effort.unnotedParts)
    SearchEffortText.noteUnverified(search.effort)
    let text = IdentityStoryText(
      story, of: options.identity, top: options.top, width: Process.outputColumns)
    var notes: [String] = []
    if others > 0 {
      notes.append(
        "\(Figures.counted(others, "more event")) made with a key of that id or name, whoever it was: "
          + "--key tells of the key")
    }
    if let candidates, candidates.count > 0 {
      notes.append(
        "\(Figures.counted(candidates.count, "more event")) may be theirs, and nobody is named there: "
          + "trailmill search ARCHIVE --candidate NAME")
    }
    if let note = SearchEffortText.ofUnnamedCandidates(candidates?.unnamed ?? 0) {
      notes.append(note)
    }
    return (text.text, notes)
  }

  /// How many events, of which nobody is named, this one may have made; and how many more may be among them,
  /// if they named all of their candidates.
  private static func candidates(
    _ query: SearchQuery, _ history: ArchiveHistory, _ options: Options
  ) throws -> (count: Int, unnamed: Int) {
    var search = try ArchiveSearch(
      history, query, reading: options.isVerified ? .wholeParts : .members, threads: options.threads
    )
    var count = 0
    try search.forEachUnordered(threads: options.threads) { _ in count += 1 }
    return (count, search.effort.unnamedCandidates)
  }
}
