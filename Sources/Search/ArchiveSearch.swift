package import History
internal import Archive
package import Bytes
package import Disk
internal import Engine
internal import JSONText
internal import Synchronization
package import Trail

/// What a search did.
package struct SearchEffort: Equatable, Sendable {
  /// Parts of the archive.
  package var parts = 0
  /// Parts that manifest or index ruled out.
  package var skippedParts = 0
  /// Members of parts that have an index.
  package var members = 0
  /// Members that were opened.
  package var openedMembers = 0
  /// Parts without an index that were opened whole.
  package var openedParts = 0
  /// Bytes as stored that were read.
  package var bytesRead = 0
  /// Bytes of text that were looked at.
  package var textRead = 0
  /// Events that were looked at closely.
  package var eventsRead = 0
  /// Events that answer.
  package var found = 0
  /// Files of indexes that are missing or not those that were committed.
  package var unusableIndexes: [String] = []
}

/// Finds events in an archive. It needs no lock, and finds the same with the index as without it.
package struct ArchiveSearch {
  private let history: ArchiveHistory
  private let query: SearchQuery
  private let parts: [LiveFile]
  /// The archive's files, as the search found them.
  package let files: LiveFiles
  private let pieces: [SearchPiece]
  private let needle: JSONNeedle?
  /// What it does; complete when the search has ended.
  package private(set) var effort = SearchEffort()

  /// Prepares a search: reads manifests and indexes, and no event. `usesIndex` is false for a plain scan.
  package init(
    _ history: ArchiveHistory, _ query: SearchQuery, usesIndex: Bool = true, threads: Int
  ) throws {
    self.history = history
    self.query = query
    let files = try LiveFiles(history)
    let parts = files.all(.part)
    self.files = files
    self.parts = parts
    let candidates = parts.indices.filter { number in
      query.mayHold(ArchiveSearch.times(parts[number]))
    }
    var effort = SearchEffort()
    effort.parts = parts.count
    effort.skippedParts = parts.count - candidates.count
    var inParts = [PartPieces?](repeating: nil, count: candidates.count)
    if usesIndex {
      let terms = query.terms
      var indexes = SearchIndexes(history, files, of: candidates.map { parts[$0] })
      inParts = try indexes.map(threads: threads) { place, index in
        PartPieces(candidates[place], index, query, terms)
      }
      effort.unusableIndexes = indexes.unusable
    }
    var pieces: [SearchPiece] = []
    for (number, inPart) in zip(candidates, inParts) {
      if let inPart {
        pieces += inPart.pieces
        effort.members += inPart.members
        effort.openedMembers += inPart.pieces.count
        if inPart.pieces.isEmpty { effort.skippedParts += 1 }
      } else {
        effort.openedParts += 1
        pieces.append(SearchPiece(whole: number, parts[number]))
      }
    }
    pieces.sort { ($0.earliest, $0.part, $0.firstLine) < ($1.earliest, $1.part, $1.firstLine) }
    self.pieces = pieces
    self.effort = effort
    needle = query.needle
  }

  private static func times(_ part: LiveFile) -> (earliest: Int64, latest: Int64)? {
    guard let first = part.row.firstTime, let last = part.row.lastTime else { return nil }
    return (first.microseconds, last.microseconds)
  }

  /// Parts that may hold answers, in the order of their paths.
  package var candidates: [LiveFile] { Set(pieces.map(\.part)).sorted().map { parts[$0] } }

  // MARK: Asking

  /// Calls `body` with the events that answer and their parts, in the order of time (those without a time
  /// last), until it returns false. What has to wait for its turn and is too much for memory goes to
  /// files in `temporaryFolder`, which have no names.
  package mutating func forEach(
    _ disk: Disk, threads: Int, temporaryFolder: String,
    _ body: (ByteView, LiveFile) throws -> Bool
  ) throws {
    try withoutActuallyEscaping(body) { body in
      let parts = parts
      let pieces = pieces
      let order = TimeOrder(disk, temporaryFolder: temporaryFolder)
      let workers = SearchWorkers(history, query, parts, files, needle)
      defer { take(workers.effort) }
      try Parallel.inOrder(pieces.count, threads: threads) { number in
        let answers = PieceAnswers(disk, temporaryFolder: temporaryFolder)
        try workers.look(pieces[number]) { try answers.append($0.text, $1) }
        answers.finish()
        return answers
      } take: { number, answers in
        try order.add(answers)
        let isLast = number + 1 == pieces.count
        return try order.giveOut(
          before: isLast ? .max : pieces[number + 1].earliest, isLast: isLast
        ) { try body($0, parts[$1]) }
      }
    }
  }

  /// Calls `body` with the events that answer, in any order but one at a time: to count them.
  package mutating func forEachUnordered(
    threads: Int, _ body: (ArchivedEvent) -> Void
  ) throws {
    try withoutActuallyEscaping(body) { body in
      let run = UnorderedRun(body: body)
      let pieces = pieces
      let workers = SearchWorkers(history, query, parts, files, needle)
      defer { take(workers.effort) }
      try Parallel.forEach(pieces.count, threads: threads) { number in
        try workers.look(pieces[number]) { event, _ in
          run.lock.withLock { _ in run.body(event) }
        }
      }
    }
  }

  private mutating func take(_ done: SearchEffort) {
    effort.bytesRead = done.bytesRead
    effort.textRead = done.textRead
    effort.eventsRead = done.eventsRead
    effort.found = done.found
  }
}

/// What `forEachUnordered` carries through other threads, one at a time.
private final class UnorderedRun: @unchecked Sendable {
  let lock = Mutex<Void>(())
  let body: (ArchivedEvent) -> Void

  init(body: @escaping (ArchivedEvent) -> Void) { self.body = body }
}

/// The workers of a search, and what they did.
private final class SearchWorkers: Sendable {
  private let history: ArchiveHistory
  private let query: SearchQuery
  private let parts: [LiveFile]
  private let files: LiveFiles
  private let needle: JSONNeedle?
  private let idle = Mutex<[SearchWorker]>([])
  private let total = Mutex(SearchEffort())

  init(
    _ history: ArchiveHistory, _ query: SearchQuery, _ parts: [LiveFile], _ files: LiveFiles,
    _ needle: JSONNeedle?
  ) {
    self.history = history
    self.query = query
    self.parts = parts
    self.files = files
    self.needle = needle
  }

  var effort: SearchEffort { total.withLock { $0 } }

  /// Has a worker that nobody else has look at a piece, and counts what it did.
  func look(_ piece: SearchPiece, _ body: (ArchivedEvent, EventKey) throws -> Void) throws {
    let worker =
      try idle.withLock { $0.popLast() } ?? SearchWorker(history, query, parts, files, needle)
    defer {
      let effort = worker.takeEffort()
      total.withLock { total in
        total.bytesRead += effort.bytesRead
        total.textRead += effort.textRead
        total.eventsRead += effort.eventsRead
        total.found += effort.found
      }
      idle.withLock { $0.append(worker) }
    }
    try worker.look(piece, body)
  }
}
