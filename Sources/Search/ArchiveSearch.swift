internal import Archive
package import Bytes
package import Disk
internal import Engine
package import History
internal import JSONText
internal import Synchronization
package import Trail
package import Verify

/// Finds events in an archive. It needs no lock, and finds the same with the index as without it.
package struct ArchiveSearch {
  /// What is read of a part that may hold answers.
  package enum Unit: Sendable {
    /// The members that may hold some.
    case members
    /// All of it, which is compared with its digest: what was altered is an error then, not an answer. The
    /// index is asked only if it can rule something out.
    case wholeParts
  }

  private let history: ArchiveHistory
  private let query: SearchQuery
  private let parts: [LiveFile]
  /// The archive's files, as the search found them.
  package let files: LiveFiles
  private let pieces: [SearchPiece]
  /// What it does; complete when the search has ended.
  package private(set) var effort: SearchEffort

  /// Prepares a search: reads manifests and indexes, and no event. `usesIndex` is false for a plain scan.
  /// Parts whose events are all outside of `window` are left out; it says nothing of a single event.
  package init(
    _ history: ArchiveHistory, _ query: SearchQuery, partsIn window: TimeWindow = TimeWindow(),
    reading unit: Unit = .members, usesIndex: Bool = true, threads: Int
  ) throws {
    self.history = history
    self.query = query
    let files = try LiveFiles(history)
    let parts = files.all(.part)
    self.files = files
    self.parts = parts
    let candidates = parts.indices.filter { number in
      guard let first = parts[number].row.firstTime, let last = parts[number].row.lastTime else {
        return query.mayHold(nil)
      }
      return query.mayHold((first.microseconds, last.microseconds)) && window.mayMeet(first, last)
    }
    var effort = SearchEffort()
    effort.parts = parts.count
    effort.skippedParts = parts.count - candidates.count
    effort.unnotedParts = candidates.filter { !files.added(to: parts[$0]).isNoted }.count
    var inParts = [PartPieces?](repeating: nil, count: candidates.count)
    let isIndexOfUse =
      unit == .members
      || candidates.contains {
        query.canUseIndex(files.dialect(of: parts[$0]).pointers, files.added(to: parts[$0]))
      }
    if usesIndex && isIndexOfUse {
      var indexes = SearchIndexes(history, files, of: candidates.map { parts[$0] })
      inParts = try indexes.map(threads: threads) { place, index in
        let part = parts[candidates[place]]
        let terms = query.terms(files.dialect(of: part).pointers, files.added(to: part))
        return PartPieces(candidates[place], index, query, terms)
      }
      effort.unusableIndexes = indexes.unusable
    }
    var pieces: [SearchPiece] = []
    for (number, inPart) in zip(candidates, inParts) {
      if let inPart, inPart.pieces.isEmpty {
        effort.members += inPart.members
        effort.skippedParts += 1
      } else if let inPart, unit == .members {
        effort.members += inPart.members
        effort.openedMembers += inPart.pieces.count
        effort.partlyOpenedParts += 1
        pieces += inPart.pieces
      } else {
        effort.openedParts += 1
        pieces.append(SearchPiece(whole: number, parts[number]))
      }
    }
    self.pieces = pieces
    self.effort = effort
  }

  /// Parts that may hold answers, in the order of their paths.
  package var candidates: [LiveFile] { Set(pieces.map(\.part)).sorted().map { parts[$0] } }

  // MARK: Asking

  /// Calls `body` with the events that answer and their parts, in the order of time (those without a time
  /// last), until it returns false; in the reversed order from the newest on. What has to wait for its
  /// turn and is too much for memory goes to files in `temporaryFolder`, which have no names.
  package mutating func forEach(
    _ order: EventOrder = .oldestFirst, _ disk: Disk, threads: Int, temporaryFolder: String,
    _ body: (ByteView, LiveFile) throws -> Bool
  ) throws {
    try withoutActuallyEscaping(body) { body in
      let parts = parts
      let pieces = pieces.sorted { $0.firstKey(order) < $1.firstKey(order) }
      let waiting = TimeOrder(disk, temporaryFolder: temporaryFolder)
      let workers = SearchWorkers(history, query, parts, files, order)
      defer { effort.add(workers.effort) }
      try Parallel.inOrder(pieces.count, threads: threads) { number in
        let answers = PieceAnswers(disk, temporaryFolder: temporaryFolder)
        try workers.look(pieces[number]) { try answers.append($0.text, $1) }
        return answers.finish()
      } take: { number, answers in
        try waiting.add(answers)
        let isLast = number + 1 == pieces.count
        return try waiting.giveOut(
          before: isLast ? .max : pieces[number + 1].firstKey(order).rank, isLast: isLast
        ) { try body($0, parts[$1]) }
      }
    }
  }

  /// Calls `body` with the events that answer, in any order but one at a time: to count them.
  package mutating func forEachUnordered(
    threads: Int, _ body: (ArchivedEvent) -> Void
  ) throws {
    try withoutActuallyEscaping(body) { body in
      let oneAtATime = OneAtATime(body)
      let pieces = pieces
      let workers = SearchWorkers(history, query, parts, files)
      defer { effort.add(workers.effort) }
      try Parallel.forEach(pieces.count, threads: threads) { number in
        try workers.look(pieces[number]) { event, _ in oneAtATime.call(event) }
      }
    }
  }

  /// Where the events are that answer: how many in each part, and the first `FoundPlaces.kept` lines.
  package mutating func places(threads: Int) throws(ArchiveError) -> FoundPlaces {
    let parts = parts
    let pieces = pieces.sorted { ($0.part, $0.firstLine) < ($1.part, $1.firstLine) }
    let workers = SearchWorkers(history, query, parts, files)
    defer { effort.add(workers.effort) }
    let found = Mutex(FoundPlaces())
    do {
      try Parallel.inOrder(pieces.count, threads: threads) { number in
        try workers.places(pieces[number], parts[pieces[number].part], keeping: FoundPlaces.kept)
      } take: { _, inPart in
        if inPart.count > 0 { found.withLock { $0.parts.append(inPart) } }
        return true
      }
    } catch { throw ArchiveError(reading: error) }
    return found.withLock { $0 }
  }

  /// The place with a number from 1 on; nil if there are fewer. Looks again at its part if that line
  /// was not kept.
  package func place(_ number: Int, of found: FoundPlaces) throws(ArchiveError) -> EventPlace? {
    guard let (inPart, rank) = found.part(of: number) else { return nil }
    var lines = inPart.lines
    if rank >= lines.count {
      let workers = SearchWorkers(history, query, parts, files)
      let piece = SearchPiece(whole: inPart.number, inPart.part)
      do {
        lines = try workers.places(piece, inPart.part, keeping: rank + 1).lines
      } catch { throw ArchiveError(reading: error) }
    }
    return rank < lines.count ? EventPlace(part: inPart.part, index: lines[rank]) : nil
  }
}

/// A closure that several threads call, one at a time.
///
/// Unchecked: what it holds is called under the lock alone.
private final class OneAtATime: @unchecked Sendable {
  private let lock = Mutex<Void>(())
  private let body: (ArchivedEvent) -> Void

  init(_ body: @escaping (ArchivedEvent) -> Void) { self.body = body }

  func call(_ event: ArchivedEvent) { lock.withLock { _ in body(event) } }
}
