internal import History
internal import Search
internal import Verify
internal import Bytes
internal import Disk
internal import Engine
internal import JSONText

/// `trailmill prove`: a file that proves one event to those who have only the head.
enum ProveCommand: Command {
  static let syntax = CommandSyntax(
    name: "prove", arguments: "ARCHIVE", count: 1...1,
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
    options: [
      OptionSyntax(
        name: "where", value: "POINTER=VALUE", repeats: true, summary: "what the event has"),
      OptionSyntax(name: "since", value: "T", summary: "skip parts that end before this time"),
      OptionSyntax(name: "until", value: "T", summary: "skip parts that begin at it or later"),
      OptionSyntax(name: "number", value: "N", summary: "of several events that fit the Nth"),
      OptionSyntax(
        name: "output", value: "FILE", letter: "o",
        summary: "write there instead of standard output"),
      OptionSyntax(name: "threads", value: "N", summary: "workers; default: one per processor"),
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let conditions = try arguments.values("where").map(condition)
    guard !conditions.isEmpty else {
      throw UsageError("no event is named: give --where POINTER=VALUE")
    }
    let window = try RunOptions.window(arguments)
    let number = try RunOptions.number(arguments, "number", 1...Int.max)
    let threads = try RunOptions.number(arguments, "threads", 1...256) ?? Runner.defaultThreads
    let history = try ArchiveHistory(disk: Disk(), path: arguments.arguments[0])
    var query = SearchQuery()
    query.conditions = conditions
    // Every part that may hold an event that fits is read whole, and has to be as it was committed.
    var search = try ArchiveSearch(
      history, query, partsIn: window, reading: .wholeParts, threads: threads)
    SearchCommand.warn(of: search.effort.unusableIndexes)
    let place = try choose(number, try search.places(threads: threads), search)
    try write(try history.proof(of: place), to: arguments.value("output"))
    return .success
  }

  private static func condition(_ text: String) throws -> SearchQuery.Condition {
    let (pointer, value) = try WhereOption.pointer(text)
    return .text(pointer, value)
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
    guard number != nil || count == 1 else { throw UsageError(severalFit(found)) }
    guard let place = try search.place(number ?? 1, of: found) else {
      throw UsageError("there is no such event: \(Maintenance.count(count, "event")) fit")
    }
    return place
  }

  /// Shows what tells the first ones apart, and returns the message.
  private static func severalFit(_ found: FoundPlaces) -> String {
    for (index, place) in found.first(FoundPlaces.kept).enumerated() {
      let text = "\(index + 1)  \(place.part.row.path) line \(place.index + 1)"
      Console.error("  " + Console.printable(text) + "\n")
    }
    return "\(Maintenance.count(found.count, "event")) fit: choose one with --number, or say more"
      + " with --where"
  }

  private static func write(_ proof: [UInt8], to path: String?) throws(DiskError) {
    let disk = Disk()
    try proof.withUnsafeBufferPointer { (bytes) throws(DiskError) in
      guard let path, path != "-" else { return try disk.standardOutput.write(all: bytes) }
      let file = try AtomicFile(disk, path: path)
      try file.write(bytes)
      try file.commit()
    }
  }
}
