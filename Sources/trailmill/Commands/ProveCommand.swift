internal import Bytes
internal import CommandLine
internal import Disk
internal import History
internal import Search
internal import Settings
internal import Terminal
internal import Verify

/// `trailmill prove`: a file that proves one event to those who have only the head.
enum ProveCommand: Command {
  private static let place = Option(
    "where", .pointerValue("POINTER=VALUE"), repeats: true, "what the event has")
  private static let ends = SharedOptions.window(
    since: "skip parts that end before this time", until: "skip parts that begin at it or later")
  private static let number = Option(
    "number", .number(1...Int.max), "of several events that fit the Nth")
  private static let output = Option(
    "output", .file(), letter: "o", "write there instead of standard output")

  static let syntax = CommandSyntax(
    name: "prove", arguments: "ARCHIVE", count: 1...1, completions: [.folders],
    summary: "write a proof that the archive holds an event",
    details: [
      """
      Looks for the one event for which every --where holds: at POINTER (a JSON Pointer) is a string
      whose text is VALUE, or a number or boolean that is written so. What stands before the first "="
      is the pointer. The window rules out parts by the times of their events; it says nothing of the
      single event.
      """,
      """
      The proof holds the event itself, and grows with the logarithm of what the archive holds.
      "trailmill verify --proof" checks it without the archive, and so can others: docs/proof.md. It
      needs no lock.
      """,
    ],
    options: [place] + ends.all + [number, output, SharedOptions.threads])

  struct Options: CommandOptions {
    let archive: String
    let conditions: [SearchQuery.Condition]
    let window: TimeWindow
    /// Which of several events that fit, from 1; nil if there may be only one.
    let number: Int?
    /// Nil for standard output.
    let output: String?
    let threads: Int

    init(_ arguments: CommandArguments) throws {
      archive = arguments.operands[0]
      conditions = try arguments.values(place).map { .text($0.pointer, $0.value) }
      guard !conditions.isEmpty else {
        throw UsageError("no event is named: give --where POINTER=VALUE")
      }
      window = try arguments.window(ends)
      number = try arguments.value(ProveCommand.number)
      threads = try arguments.threads
      let path = try arguments.value(ProveCommand.output)
      output = path == "-" ? nil : path
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    let proof = try SteadyRead.of([options.archive], disk) { try made(options, disk) }
    try write(proof, to: options.output)
    return .success
  }

  private static func made(_ options: Options, _ disk: Disk) throws -> [UInt8] {
    let history = try ArchiveHistory(disk: disk, path: options.archive)
    var query = SearchQuery()
    query.conditions = options.conditions
    // Every part that may hold an event that fits is read whole, and has to be as it was committed.
    var search = try ArchiveSearch(
      history, query, partsIn: options.window, reading: .wholeParts, threads: options.threads)
    let places = try search.places(threads: options.threads)
    SearchEffortText.warn(
      of: search.effort.unusableIndexes,
      unnotedParts: query.believesAdded ? search.effort.unnotedParts : 0)
    return try history.proof(of: try choose(options.number, places, search))
  }

  /// The one event that fits, or the one with this number.
  private static func choose(
    _ number: Int?, _ found: FoundPlaces, _ search: ArchiveSearch
  ) throws -> EventPlace {
    let count = found.count
    guard count > 0 else {
      throw UsageError(
        "no event fits: look at --where and the window, and at what \"trailmill files\" lists")
    }
    guard number != nil || count == 1 else { throw severalFit(found) }
    guard let place = try search.place(number ?? 1, of: found) else {
      throw UsageError("there is no such event: \(Figures.counted(count, "event")) fit")
    }
    return place
  }

  /// Shows where the first ones are, and returns the error.
  private static func severalFit(_ found: FoundPlaces) -> UsageError {
    for (index, place) in found.first(FoundPlaces.kept).enumerated() {
      let text = "\(index + 1)  \(place.part.row.path) line \(place.index + 1)"
      Console.error("  " + Console.printable(text) + "\n")
    }
    return UsageError(
      "\(Figures.counted(found.count, "event")) fit: choose one with --number, or say more"
        + " with --where")
  }

  private static func write(_ proof: [UInt8], to path: String?) throws {
    try proof.withUnsafeBufferPointer { try OutputFile.write($0, to: path, Disk()) }
  }
}
