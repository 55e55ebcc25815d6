internal import History
internal import Bytes
internal import Disk
internal import Engine
internal import Search
internal import Trail

/// `trailmill trail`: one identity's story.
enum TrailCommand: Command {
  static let syntax = CommandSyntax(
    name: "trail", arguments: "ARCHIVE ACTOR|KEY", count: 2...2,
    summary: "tell one identity's story: when, by which keys, from where, what",
    details: [
      """
      ACTOR is a display actor, an original actor or a retained claim, KEY the id or name of a key; either
      may be a pattern with * and ?. The events themselves: trailmill search ARCHIVE --actor ACTOR.
      """
    ],
    options: [
      OptionSyntax(name: "since", value: "T", summary: "from this time on (RFC 3339 or date)"),
      OptionSyntax(name: "until", value: "T", summary: "before this time"),
      OptionSyntax(name: "top", value: "N", summary: "names in each list; default: 8"),
      OptionSyntax(name: "threads", value: "N", summary: "workers; default: one per processor"),
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let name = arguments.arguments[1]
    guard !name.isEmpty else { throw UsageError("the actor or key is empty: name one") }
    var query = SearchQuery()
    query.conditions = [.identity(Glob(name))]
    query.window = try RunOptions.window(arguments)
    let top = try RunOptions.number(arguments, "top", 1...10_000) ?? 8
    let threads = try RunOptions.number(arguments, "threads", 1...256) ?? Runner.defaultThreads
    let history = try ArchiveHistory(disk: Disk(), path: arguments.arguments[0])
    var search = try ArchiveSearch(history, query, threads: threads)
    var story = IdentityStory()
    try search.forEachUnordered(threads: threads) { story.add($0) }
    try Console.output(story.text(name, top: top))
    return .success
  }
}

/// What is known of one identity, in numbers.
struct IdentityStory {
  /// Names that are told apart in each list: 100,000.
  private static let mostNames = 100_000
  /// Bytes of all names that are told apart: 64 MiB.
  private static let mostBytes = 64 << 20

  private var events = 0
  private var first: Int64?
  private var last: Int64?
  private var lists: [(title: String, counts: [[UInt8]: Int])] = [
    "shown as", "taken from", "keys", "claims", "addresses", "actions", "resources", "accounts",
    "signals",
  ].map { ($0, [:]) }
  private var days: [Int64: Int] = [:]
  private var bytes = 0

  private static let day: Int64 = 86_400_000_000

  mutating func add(_ event: ArchivedEvent) {
    events += 1
    if let time = event.time {
      first = min(first ?? time, time)
      last = max(last ?? time, time)
      days[(time - (time % Self.day + Self.day) % Self.day) / Self.day, default: 0] += 1
    }
    count(0, event.shownActor)
    count(1, event.from)
    count(2, event.shownKey)
    var claims: [[UInt8]] = []
    _ = event.anyClaim {
      claims.append(Array($0))
      return false
    }
    for claim in claims { count(3, claim) }
    count(4, event.value(.address))
    count(5, event.value(.action))
    count(6, event.value(.resource))
    count(7, event.value(.account))
    var signals: [[UInt8]] = []
    _ = event.anySignal {
      signals.append(Array($0))
      return false
    }
    for signal in signals { count(8, signal) }
  }

  private mutating func count(_ list: Int, _ text: ByteView?) {
    guard let text, text.count > 0 else { return }
    count(list, Array(text))
  }

  private mutating func count(_ list: Int, _ name: [UInt8]) {
    if lists[list].counts[name] == nil {
      guard lists[list].counts.count < Self.mostNames, bytes + name.count <= Self.mostBytes else {
        return
      }
      bytes += name.count
    }
    lists[list].counts[name, default: 0] += 1
  }

  func text(_ name: String, top: Int) -> String {
    guard events > 0 else { return "no event of \(Console.printable(name))\n" }
    var text = "\(Console.printable(name)): \(Maintenance.count(events, "event"))"
    if let first = first.flatMap({ Timestamp(microseconds: $0) }),
      let last = last.flatMap({ Timestamp(microseconds: $0) })
    {
      text += ", first \(TimeText.rfc3339(first)), last \(TimeText.rfc3339(last))"
    }
    text += "\n"
    for list in lists where !list.counts.isEmpty {
      text += "\n\(list.title)"
      text +=
        list.counts.count > top ? " (the \(top) most frequent of \(list.counts.count))\n" : "\n"
      for (name, count) in NamedCounts.sorted(list.counts).prefix(top) {
        let digits = Summary.grouped(count)
        text += String(repeating: " ", count: max(0, 9 - digits.count)) + digits
        text += "  " + Console.printable(name) + "\n"
      }
    }
    return text + timeline()
  }

  /// A bar for each day with events, longest for the busiest.
  private func timeline() -> String {
    guard let most = days.values.max() else { return "" }
    var text = "\ntimeline\n"
    let sorted = days.sorted { $0.key < $1.key }
    for (day, count) in sorted.suffix(31) {
      guard let time = Timestamp(microseconds: day * Self.day) else { continue }
      let digits = Summary.grouped(count)
      text += "  " + TimeText.rfc3339(time).prefix(10)
      text += String(repeating: " ", count: max(1, 9 - digits.count)) + digits + "  "
      text += String(repeating: "▇", count: max(1, count * 40 / most)) + "\n"
    }
    if sorted.count > 31 { text += "  (the last 31 of \(sorted.count) days with events)\n" }
    return text
  }
}
