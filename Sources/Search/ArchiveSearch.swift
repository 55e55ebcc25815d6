public import Archive
public import Bytes
internal import Codec
public import Disk
internal import Engine
internal import JSONText
internal import Synchronization
public import Trail

/// What a search did.
public struct SearchEffort: Equatable, Sendable {
  /// Parts of the archive.
  public var parts = 0
  /// Parts that manifest or index ruled out.
  public var skippedParts = 0
  /// Members of parts that have an index.
  public var members = 0
  /// Members that were opened.
  public var openedMembers = 0
  /// Parts without an index that were opened whole.
  public var openedParts = 0
  /// Bytes as stored that were read.
  public var bytesRead = 0
  /// Bytes of text that were looked at.
  public var textRead = 0
  /// Events that were looked at closely.
  public var eventsRead = 0
  /// Events that answer.
  public var found = 0
  /// Files of indexes that are missing or not those that were committed.
  public var unusableIndexes: [String] = []
}

/// Finds events in an archive. It needs no lock, and finds the same with the index as without it.
public struct ArchiveSearch {
  /// A piece of a part that may hold answers.
  private struct Piece: Sendable {
    var part: Int
    var member: IndexedMember?
    var firstLine: Int64
    /// No event in it that has a time is earlier.
    var earliest: Int64
  }

  private let history: ArchiveHistory
  private let query: SearchQuery
  private let parts: [LiveFile]
  private let files: LiveFiles
  private let pieces: [Piece]
  private let needle: Needle?
  /// What it does; complete when the search has ended.
  public private(set) var effort = SearchEffort()

  /// Prepares a search: reads manifests and indexes, and no event. `usesIndex` is false for a plain scan.
  public init(
    _ history: ArchiveHistory, _ query: SearchQuery, usesIndex: Bool = true
  ) throws(ArchiveError) {
    self.history = history
    self.query = query
    let files = try LiveFiles(history)
    let parts = files.all(.part)
    self.files = files
    self.parts = parts
    let candidates = parts.indices.filter { number in
      query.mayHold(ArchiveSearch.times(parts[number]))
    }
    let indexes =
      usesIndex ? SearchIndexes(history, files, of: candidates.map { parts[$0] }) : nil
    var effort = SearchEffort()
    effort.parts = parts.count
    effort.unusableIndexes = indexes?.unusable ?? []
    var pieces: [Piece] = []
    let terms = query.terms
    for number in candidates {
      let before = pieces.count
      ArchiveSearch.append(
        number, parts[number], indexes?[parts[number]], query, terms, to: &pieces, &effort)
      if pieces.count == before { effort.skippedParts += 1 }
    }
    effort.skippedParts += parts.count - candidates.count
    pieces.sort { ($0.earliest, $0.part, $0.firstLine) < ($1.earliest, $1.part, $1.firstLine) }
    self.pieces = pieces
    self.effort = effort
    needle = Needle(query)
  }

  private static func times(_ part: LiveFile) -> (earliest: Int64, latest: Int64)? {
    guard let first = part.row.firstTime, let last = part.row.lastTime else { return nil }
    return (first.microseconds, last.microseconds)
  }

  private static func append(
    _ number: Int, _ part: LiveFile, _ index: PartIndex?, _ query: SearchQuery,
    _ terms: [[SearchQuery.Term]], to pieces: inout [Piece], _ effort: inout SearchEffort
  ) {
    guard let index else {
      effort.openedParts += 1
      pieces.append(
        Piece(
          part: number, member: nil, firstLine: 0,
          earliest: part.row.firstTime?.microseconds ?? .max))
      return
    }
    effort.members += index.count
    var line: Int64 = 0
    for place in 0..<index.count {
      let member = index.member(place)
      defer { line += Int64(member.records) }
      let times = member.earliest <= member.latest ? (member.earliest, member.latest) : nil
      guard query.mayHold(times),
        terms.allSatisfy({ alternatives in
          alternatives.contains {
            index.mayContain($0.value, isBlock: $0.isBlock, inMember: place)
          }
        })
      else { continue }
      effort.openedMembers += 1
      pieces.append(
        Piece(part: number, member: member, firstLine: line, earliest: times?.0 ?? .max))
    }
  }

  /// Parts that may hold answers, in the order of their paths.
  public var candidates: [LiveFile] { Set(pieces.map(\.part)).sorted().map { parts[$0] } }

  // MARK: Asking

  /// Calls `body` with the events that answer, in the order of time (those without a time last), until
  /// it returns false.
  public mutating func forEach(
    _ disk: Disk, threads: Int, temporaryFolder: String, _ body: (ByteView) throws -> Bool
  ) throws {
    try withoutActuallyEscaping(body) { body in
      let run = SearchRun(
        order: TimeOrder(disk, temporaryFolder: temporaryFolder), body: body)
      let pieces = pieces
      try look(threads: threads) { number, found in
        try run.order.add(found)
        let isLast = number + 1 == pieces.count
        return try run.order.giveOut(
          before: isLast ? .max : pieces[number + 1].earliest, isLast: isLast, run.body)
      }
    }
  }

  /// Calls `body` with the events that answer, in any order but one at a time: to count them.
  public mutating func forEachUnordered(
    threads: Int, _ body: (ArchivedEvent) -> Void
  ) throws {
    try withoutActuallyEscaping(body) { body in
      let run = UnorderedRun(body: body)
      try look(
        threads: threads, keepsLines: false,
        onEvent: { event in
          run.lock.withLock { _ in run.body(event) }
        }
      ) { _, _ in true }
    }
  }

  /// Looks at all pieces, several at a time, and hands out what was found in their order until `take`
  /// returns false.
  private mutating func look(
    threads: Int, keepsLines: Bool = true,
    onEvent: (@Sendable (ArchivedEvent) -> Void)? = nil,
    _ take: @escaping (Int, FoundEvents) throws -> Bool
  ) throws {
    let shared = SharedSearch(history, query, parts, files, needle, take)
    let pieces = pieces
    try Parallel.forEach(pieces.count, threads: threads) { number in
      guard !shared.isDone else { return }
      let worker = try shared.worker()
      defer { shared.giveBack(worker) }
      let piece = pieces[number]
      do {
        let found = try worker.look(
          piece.part, piece.member, firstLine: piece.firstLine, keepsLines: keepsLines, onEvent)
        try shared.pass(number, found, worker)
      } catch {
        shared.end(after: number - 1)
        throw error
      }
    }
    let done = shared.effort
    effort.bytesRead = done.bytesRead
    effort.textRead = done.textRead
    effort.eventsRead = done.eventsRead
    effort.found = done.found
  }
}

/// What `forEach` carries through other threads, one at a time.
private final class SearchRun: @unchecked Sendable {
  let order: TimeOrder
  let body: (ByteView) throws -> Bool

  init(order: TimeOrder, body: @escaping (ByteView) throws -> Bool) {
    self.order = order
    self.body = body
  }
}

private final class UnorderedRun: @unchecked Sendable {
  let lock = Mutex<Void>(())
  let body: (ArchivedEvent) -> Void

  init(body: @escaping (ArchivedEvent) -> Void) { self.body = body }
}

/// One search, shared by its workers. Unchecked: `take` is called behind the turnstile alone.
private final class SharedSearch: @unchecked Sendable {
  private let history: ArchiveHistory
  private let query: SearchQuery
  private let parts: [LiveFile]
  private let files: LiveFiles
  private let needle: Needle?
  private let take: (Int, FoundEvents) throws -> Bool
  private let turnstile = Turnstile()
  private let idle = Mutex<[SearchWorker]>([])
  private let done = Atomic<Bool>(false)
  private let total = Mutex(SearchEffort())

  init(
    _ history: ArchiveHistory, _ query: SearchQuery, _ parts: [LiveFile], _ files: LiveFiles,
    _ needle: Needle?, _ take: @escaping (Int, FoundEvents) throws -> Bool
  ) {
    self.history = history
    self.query = query
    self.parts = parts
    self.files = files
    self.needle = needle
    self.take = take
  }

  var isDone: Bool { done.load(ordering: .relaxed) }
  var effort: SearchEffort { total.withLock { $0 } }

  func worker() throws -> SearchWorker {
    if let worker = idle.withLock({ $0.popLast() }) { return worker }
    return try SearchWorker(history, query, parts, files, needle)
  }

  func giveBack(_ worker: SearchWorker) { idle.withLock { $0.append(worker) } }

  /// Hands out what was found in piece `number`, when all before it have been.
  func pass(_ number: Int, _ found: FoundEvents, _ worker: SearchWorker) throws {
    let effort = worker.takeEffort()
    total.withLock { total in
      total.bytesRead += effort.bytesRead
      total.textRead += effort.textRead
      total.eventsRead += effort.eventsRead
      total.found += effort.found
    }
    _ = try turnstile.pass(number) {
      if try !take(number, found) { end(after: number) }
    }
  }

  /// Nothing behind piece `number` is wanted any more. Whoever waits for a turn goes home.
  func end(after number: Int) {
    done.store(true, ordering: .relaxed)
    turnstile.close(from: number + 1)
  }
}
