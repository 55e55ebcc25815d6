internal import Search

/// Makes the figures of a report from chunks of events, one at a time and in their order, in bounded memory.
package final class ReportBuilder {
  let limits: ReportLimits
  let query: SearchQuery
  let tables: NameTables
  private(set) var cube = EventCube()
  private(set) var details: EventDetails
  private(set) var keys: [UInt16: KeyFacts] = [:]
  /// Parts that events came from.
  private(set) var parts: [ReportedPart] = []
  private(set) var events = 0
  /// Events without a usable time.
  private(set) var timeless = 0
  /// Lines that are no events.
  private(set) var unreadable = 0
  /// Events that do not answer, and might if they named all of their candidates.
  package private(set) var unnamedCandidates = 0
  /// Signals that belong to no event, the most frequent first.
  package var signalsOfNoEvent: [(name: String, count: Int)] = []
  private(set) var first: Int64?
  private(set) var last: Int64?

  /// A builder for the events that answer the query.
  init(limits: ReportLimits = ReportLimits(), query: SearchQuery = SearchQuery()) {
    self.limits = limits
    self.query = query
    details = EventDetails(budget: limits.detailBudget, longest: limits.detailBytes)
    tables = NameTables(limits)
  }

  /// The number of a part, for the events that come from it; `attribution` is what their attribution is
  /// called, nil if they cannot have one.
  func part(_ path: String, attribution: String?) -> Int {
    parts.append(ReportedPart(path: path, attribution: attribution))
    return parts.count - 1
  }

  /// Takes in the events that follow those that it has.
  func take(_ chunk: ReportChunk) {
    events += chunk.events.count
    timeless += chunk.timeless
    unreadable += chunk.unreadable
    unnamedCandidates += chunk.unnamedCandidates
    if let theirs = chunk.first { first = min(first ?? theirs, theirs) }
    if let theirs = chunk.last { last = max(last ?? theirs, theirs) }
    let numbers = tables.take(chunk.tables)
    for (key, facts) in chunk.keys { learn(numbers[.key, key], facts) }
    for codes in chunk.events {
      var codes = numbers.renumbered(codes)
      if codes.bucket != EventCodes.noTime { codes.bucket = cube.bucket(codes.bucket) }
      cube.add(codes)
      if cube.cells.count > limits.cells { coarsen(to: limits.cells / 2) }
    }
    details.take(chunk.details, numbers)
  }

  /// Keeps what was told of a key.
  private func learn(_ key: UInt16, _ facts: KeyFacts) {
    guard key > NameTable.others else { return }
    func update(_ path: WritableKeyPath<KeyFacts, String>) {
      let text = facts[keyPath: path]
      if !text.isEmpty { keys[key, default: KeyFacts()][keyPath: path] = text }
    }
    update(\.name)
    update(\.type)
    update(\.owner)
    update(\.scopes)
  }

  /// Makes what is counted coarser, until there are at most so many counts.
  private func coarsen(to limit: Int) {
    cube.coarsen(to: limit) { tables[$0]?.ranked() ?? [] }
  }

  /// Makes what is counted as coarse as a report may be. No event may follow.
  func close() {
    for (dimension, table) in tables.all where table.count > limits.listedNames + 2 {
      cube.keep(dimension, Set(table.ranked().prefix(limits.listedNames)))
    }
    coarsen(to: limits.finishedCells)
    cube.fit(Int64(Int32.max))
  }
}
