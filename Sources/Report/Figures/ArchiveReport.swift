package import History
package import Search

/// Makes a report of a whole archive: goes through its history, then through its parts.
package struct ArchiveReport {
  private let history: ArchiveHistory
  private let limits: ReportLimits
  /// What the manifests say.
  package private(set) var facts = ArchiveFacts()
  /// Files of indexes that are missing or damaged, so that parts were opened that need not have been.
  package private(set) var unusableIndexes: [String] = []
  /// Lists of signals that are missing or altered, of which nothing is told.
  package private(set) var unusableLists: [String] = []
  /// Parts that were read, and of which nobody noted what was added to their events.
  package private(set) var unnotedParts = 0
  /// Events that were read, do not answer, and might if they named all of their candidates.
  package private(set) var unnamedCandidates = 0

  /// Reads the history.
  package init(_ history: ArchiveHistory, limits: ReportLimits = ReportLimits()) throws {
    self.history = history
    self.limits = limits
    var facts = ArchiveFacts()
    try history.forEach { header, _ in facts.add(header, keeping: limits.commits) }
    facts.trim(to: limits.commits)
    facts.name = history.name
    self.facts = facts
  }

  /// Reads the events that answer the query. Parts in which the index lets no answer be are not opened;
  /// without a usable index more are, which `unusableIndexes` names.
  package mutating func run(
    _ query: SearchQuery = SearchQuery(), verification: ArchiveFacts.Verification = .none,
    threads: Int
  ) throws -> ReportFigures {
    let builder = ReportBuilder(limits: limits, query: query)
    let search = try ArchiveSearch(history, query, reading: .wholeParts, threads: threads)
    unusableIndexes = search.effort.unusableIndexes
    unnotedParts = search.effort.unnotedParts
    let files = search.files
    var facts = facts
    facts.verification = verification
    for part in files.all(.part) {
      facts.parts += 1
      facts.bytes &+= part.row.bytes
    }
    try ReportReading(history, files, search.candidates, builder).run(threads: threads)
    var lists = ListedSignals(history, files)
    unnamedCandidates = builder.unnamedCandidates
    builder.signalsOfNoEvent = lists.ofNoEvent(query)
    unusableLists = lists.unusable
    return builder.finish(facts)
  }
}
