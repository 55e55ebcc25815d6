internal import History
internal import Archive
internal import Bytes
internal import JSONText
internal import Trail

/// What one worker needs.
///
/// Unchecked: one worker at a time has it.
final class SearchWorker: @unchecked Sendable {
  private let query: SearchQuery
  private let parts: [LiveFile]
  private let files: LiveFiles
  private let needle: JSONNeedle?
  private let reader: MemberReader
  private var event: ArchivedEvent?
  private var dialect: [Role: [JSONPointer]]?
  private var effort = SearchEffort()

  init(
    _ history: ArchiveHistory, _ query: SearchQuery, _ parts: [LiveFile], _ files: LiveFiles,
    _ needle: JSONNeedle?
  ) throws {
    self.query = query
    self.parts = parts
    self.files = files
    self.needle = needle
    reader = try MemberReader(history)
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
    let before = (stored: reader.bytesRead, text: reader.textRead)
    var line = piece.firstLine
    try reader.forEachLine(part, piece.member, ofText: { needle?.mayBeIn($0) ?? true }) { view in
      defer { line += 1 }
      guard needle?.mayBeIn(view) ?? true else { return }
      effort.eventsRead += 1
      guard event.read(view), query.matches(event) else { return }
      effort.found += 1
      try body(
        event, EventKey(time: event.time ?? .max, part: Int32(clamping: piece.part), line: line))
    }
    effort.bytesRead += reader.bytesRead - before.stored
    effort.textRead += reader.textRead - before.text
  }

  private func reading(_ part: LiveFile) throws -> ArchivedEvent {
    let pointers = files.dialect(of: part).pointers
    if let event, dialect == pointers { return event }
    let event = ArchivedEvent(pointers, others: query.pointers)
    self.event = event
    dialect = pointers
    return event
  }
}
