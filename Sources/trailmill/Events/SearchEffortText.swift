internal import Bytes
internal import Search
internal import Terminal

/// What a search says of its work on standard error.
enum SearchEffortText {
  /// Says of indexes that could not be used, so that the search was slower than it needed to be, and of parts
  /// of whose events it is not known what was added.
  static func warn(of unusableIndexes: [String], unnotedParts: Int) {
    if unnotedParts > 0 {
      Console.message(
        "what was added to the events of \(Figures.counted(unnotedParts, "part")) was not noted by the "
          + "version that wrote them: members \"attribution\" and \"signals\" that they came with count too"
      )
    }
    for path in unusableIndexes {
      Console.message(
        "an index is missing or damaged, so its parts were opened whole: \(path): "
          + "run `trailmill index`")
    }
  }

  /// Says how many events have more candidates than they name, so that whoever is asked for may be one.
  static func noteUnnamedCandidates(_ events: Int) {
    if let note = ofUnnamedCandidates(events) { Console.message(note) }
  }

  /// How many events have more candidates than they name; nil if none has.
  static func ofUnnamedCandidates(_ events: Int) -> String? {
    guard events > 0 else { return nil }
    return "events that have more candidates than they name, and could be answers too: "
      + Figures.grouped(events) + " (--where /attribution/match=ambiguous)"
  }

  /// Says what was read of parts and not compared with what was committed.
  static func noteUnverified(_ effort: SearchEffort) {
    guard effort.openedMembers > 0 else { return }
    Console.message(
      "not verified: the contents of \(Figures.counted(effort.openedMembers, "member")) in "
        + "\(Figures.counted(effort.partlyOpenedParts, "part")): --verified reads these parts whole and "
        + "compares their digests")
  }

  /// What was opened, ruled out, read and found.
  static func text(_ effort: SearchEffort) -> String {
    func grouped(_ number: Int) -> String { Figures.grouped(number) }
    let lines = [
      "  parts    \(grouped(effort.parts)), \(grouped(effort.skippedParts)) ruled out, "
        + "\(grouped(effort.openedParts)) without an index opened whole",
      "  members  \(grouped(effort.members)) in those that are left, "
        + "\(grouped(effort.openedMembers)) opened",
      "  read     \(Figures.size(effort.bytesRead)), \(Figures.size(effort.textRead)) of text, "
        + "\(grouped(effort.eventsRead)) events looked at closely",
      "  found    \(grouped(effort.found))",
    ]
    return lines.map { $0 + "\n" }.joined()
  }
}
