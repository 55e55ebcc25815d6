internal import Archive
internal import Bytes
internal import JSONText
internal import Trail

/// Bytes that every line with an answer holds, unless it hides them behind an escape.
struct Needle: Sendable {
  private static let escape = ByteNeedle([0x5C])
  private let bytes: ByteNeedle

  /// The longest literal text that a condition asks for; nil if there is none that can be looked for.
  init?(_ query: SearchQuery) {
    let literals = query.conditions.compactMap { condition -> String? in
      switch condition {
      case .field(_, let glob), .pointer(_, let glob), .identity(let glob): glob.literal
      case .address: nil
      }
    }
    let plain = literals.map { Array($0.utf8) }.filter { bytes in
      bytes.count >= 3 && bytes.allSatisfy { $0 >= 0x20 && $0 < 0x80 && $0 != 0x22 && $0 != 0x5C }
    }
    guard let longest = plain.max(by: { $0.count < $1.count }) else { return nil }
    bytes = ByteNeedle(longest)
  }

  /// False if the line certainly holds no answer. What is written with an escape is there, and cannot be
  /// seen.
  func mayBeIn(_ line: ByteView) -> Bool { bytes.isIn(line) || Needle.escape.isIn(line) }
}

/// What one worker needs.
///
/// Unchecked: one worker at a time has it.
final class SearchWorker: @unchecked Sendable {
  private let query: SearchQuery
  private let parts: [LiveFile]
  private let files: LiveFiles
  private let needle: Needle?
  private let reader: MemberReader
  private var event: ArchivedEvent?
  private var dialect: [Role: [JSONPointer]]?
  private var effort = SearchEffort()

  init(
    _ history: ArchiveHistory, _ query: SearchQuery, _ parts: [LiveFile], _ files: LiveFiles,
    _ needle: Needle?
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

  /// Looks for answers in a piece of part `number`.
  func look(
    _ number: Int, _ member: IndexedMember?, firstLine: Int64, keepsLines: Bool,
    _ onEvent: (@Sendable (ArchivedEvent) -> Void)?
  ) throws -> FoundEvents {
    let found = FoundEvents()
    let event = try reading(parts[number])
    let before = (stored: reader.bytesRead, text: reader.textRead)
    var line = firstLine
    try reader.forEachLine(parts[number], member) { view in
      defer { line += 1 }
      guard needle?.mayBeIn(view) ?? true else { return }
      effort.eventsRead += 1
      guard event.read(view), query.matches(event) else { return }
      effort.found += 1
      onEvent?(event)
      guard keepsLines else { return }
      found.append(
        view, EventKey(time: event.time ?? .max, part: Int32(clamping: number), line: line))
    }
    effort.bytesRead += reader.bytesRead - before.stored
    effort.textRead += reader.textRead - before.text
    found.sort()
    return found
  }

  private func reading(_ part: LiveFile) throws -> ArchivedEvent {
    let pointers = files.dialect(of: part).pointers
    if let event, dialect == pointers { return event }
    let event = try ArchivedEvent(pointers, others: query.pointers)
    self.event = event
    dialect = pointers
    return event
  }
}
