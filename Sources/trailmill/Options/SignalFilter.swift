internal import Bytes
internal import History
internal import Search
internal import Settings
internal import Stages
internal import Terminal
internal import Trail

/// What is said of the signals that somebody looks for.
enum SignalFilter {
  /// Throws if a signal is asked for that nobody knows: no rule that is built in is called so, none that the
  /// archive's lists name, and no event has it. A pattern may find nothing.
  static func check(_ query: SearchQuery, _ history: ArchiveHistory, threads: Int) throws {
    let builtIn = FlagSignals.builtInNames
    let unknown = query.signalPatterns.filter { glob in
      FilterText(glob.description).literal != nil && !matches(glob, builtIn)
    }
    guard !unknown.isEmpty else { return }
    let files = try LiveFiles(history)
    var lists = ListedSignals(history, files)
    let listed = lists.names().sorted()
    // Of a list that cannot be read nobody knows what it names.
    guard lists.unusable.isEmpty else { return }
    for glob in unknown where !matches(glob, listed) {
      var ofIt = SearchQuery()
      ofIt.conditions = [.field(.signal, glob)]
      var search = try ArchiveSearch(history, ofIt, threads: threads)
      var count = 0
      try search.forEachUnordered(threads: threads) { _ in count += 1 }
      guard count == 0 else { continue }
      let known = builtIn + listed.filter { !builtIn.contains($0) }
      let hint =
        nearest(glob.description, in: known).map { "did you mean \"\($0)\"?" }
        ?? "there are \(known.joined(separator: ", "))"
      throw UsageError(
        "--signal: no rule is called \"\(glob)\", and nothing in the archive has it: \(hint) (a rule that "
          + "has never held is found by a pattern: \(glob)*)")
    }
  }

  /// Says of lists that could not be used, so that signals of no event may be missing.
  static func warn(of unusableLists: [String]) {
    for path in unusableLists {
      Console.message(
        "a list of signals is missing or altered, and was left out: \(path): run `trailmill verify`"
      )
    }
  }

  private static func matches(_ glob: Glob, _ names: [String]) -> Bool {
    names.contains { Array($0.utf8).withUnsafeBufferPointer { glob.matches($0) } }
  }

  /// Says how many signals answer that belong to no event, and so are none of the events that were found.
  static func noteOfNoEvent(_ query: SearchQuery, _ history: ArchiveHistory, _ files: LiveFiles) {
    var lists = ListedSignals(history, files)
    let found = lists.ofNoEvent(query)
    warn(of: lists.unusable)
    guard !found.isEmpty else { return }
    let total = found.reduce(0) { $0 + $1.count }
    let names = found.map { "\($0.name) \(Figures.grouped($0.count))" }.joined(separator: ", ")
    Console.message(
      "note: \(Figures.counted(total, "signal")) of no event besides (\(names)): "
        + "\"trailmill log ARCHIVE --signals\" lists them")
  }
}
