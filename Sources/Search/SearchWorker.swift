internal import Archive
internal import Bytes
internal import History
internal import JSONText
internal import Synchronization
internal import Trail

/// The workers of a search, and what they did.
final class SearchWorkers: Sendable {
  private let history: ArchiveHistory
  private let query: SearchQuery
  private let parts: [LiveFile]
  private let files: LiveFiles
  private let needle: JSONNeedle?
  private let order: EventOrder
  private let idle = Mutex<[SearchWorker]>([])
  private let total = Mutex(SearchEffort())

  init(
    _ history: ArchiveHistory, _ query: SearchQuery, _ parts: [LiveFile], _ files: LiveFiles,
    _ order: EventOrder = .oldestFirst
  ) {
    self.order = order
    self.history = history
    self.query = query
    self.parts = parts
    self.files = files
    needle = query.needle
  }

  var effort: SearchEffort { total.withLock { $0 } }

  /// Has a worker that nobody else has look at a piece, and counts what it did.
  func look(_ piece: SearchPiece, _ body: (ArchivedEvent, EventKey) throws -> Void) throws {
    let worker =
      try idle.withLock { $0.popLast() }
      ?? SearchWorker(history, query, parts, files, needle, order)
    defer {
      let effort = worker.takeEffort()
      total.withLock { $0.add(effort) }
      idle.withLock { $0.append(worker) }
    }
    try worker.look(piece, body)
  }

  /// Where in a piece the events are that answer.
  func places(
    _ piece: SearchPiece, _ part: LiveFile, keeping limit: Int
  ) throws -> FoundPlaces.InPart {
    var found = FoundPlaces.InPart(number: piece.part, part: part)
    try look(piece) { _, key in found.add(Int(clamping: key.line), keeping: limit) }
    return found
  }
}

/// What one worker needs.
///
/// Unchecked: one worker at a time has it.
private final class SearchWorker: @unchecked Sendable {
  private let query: SearchQuery
  private let parts: [LiveFile]
  private let files: LiveFiles
  private let needle: JSONNeedle?
  private let order: EventOrder
  private let asksForCandidates: Bool
  private let lines: PartLines
  private var event: ArchivedEvent?
  private var dialect: Dialect?
  private var added: AddedMembers?
  private var effort = SearchEffort()

  init(
    _ history: ArchiveHistory, _ query: SearchQuery, _ parts: [LiveFile], _ files: LiveFiles,
    _ needle: JSONNeedle?, _ order: EventOrder
  ) throws {
    self.order = order
    self.query = query
    asksForCandidates = query.asksForCandidates
    self.parts = parts
    self.files = files
    self.needle = needle
    lines = try PartLines(history)
  }

  /// What it did since it was asked last.
  func takeEffort() -> SearchEffort {
    defer { effort = SearchEffort() }
    return effort
  }

  /// Calls `body` with the events of a piece that answer, and where they stand.
  func look(
    _ piece: SearchPiece, _ body: (ArchivedEvent, EventKey) throws -> Void
  ) throws {
    let part = parts[piece.part]
    let event = try reading(part)
    let before = (stored: lines.bytesRead, text: lines.textRead)
    var line = piece.firstLine
    try lines.forEach(of: part, piece.member, ofText: { needle?.mayBeIn($0) ?? true }) { view in
      defer { line += 1 }
      guard needle?.mayBeIn(view) ?? true else { return }
      effort.eventsRead += 1
      guard event.read(view) else { return }
      guard query.matches(event) else {
        if asksForCandidates, query.mayMatch(event) { effort.unnamedCandidates += 1 }
        return
      }
      effort.found += 1
      let number = Int32(clamping: piece.part)
      try body(event, EventKey(order, time: event.time, part: number, line: line))
    }
    effort.bytesRead += lines.bytesRead - before.stored
    effort.textRead += lines.textRead - before.text
  }

  private func reading(_ part: LiveFile) throws -> ArchivedEvent {
    let dialect = files.dialect(of: part)
    let added = files.added(to: part)
    if let event, let known = self.dialect, known.reads(as: dialect), self.added == added {
      return event
    }
    let event = ArchivedEvent(dialect, added, others: query.pointers)
    self.event = event
    self.dialect = dialect
    self.added = added
    return event
  }
}
