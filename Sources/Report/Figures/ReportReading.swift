internal import Archive
internal import Bytes
internal import Engine
internal import History
internal import JSONText
internal import Search
internal import Synchronization
internal import Trail

/// Reads the parts of a report: any number of workers, each a part at a time. What they read is put together
/// in the order of the parts.
///
/// Unchecked: the builder is touched by one worker at a time, as `Parallel` says.
final class ReportReading: @unchecked Sendable {
  /// Chunks that a worker holds before it waits for its part's turn.
  private static let heldChunks = 8

  private let history: ArchiveHistory
  private let files: LiveFiles
  private let parts: [LiveFile]
  private let builder: ReportBuilder
  private let limits: ReportLimits
  private let query: SearchQuery
  private let idle = Mutex<[PartReader]>([])
  /// Of events that are worth no more none is embedded.
  private let floor = Mutex<EventDetail.Worth?>(nil)

  /// A reading of `parts`, in their order.
  init(
    _ history: ArchiveHistory, _ files: LiveFiles, _ parts: [LiveFile], _ builder: ReportBuilder
  ) {
    self.history = history
    self.files = files
    self.parts = parts
    self.builder = builder
    limits = builder.limits
    query = builder.query
  }

  /// Reads them all. Throws, with the kind `damaged`, if one is not as it was committed.
  func run(threads: Int) throws {
    let numbers = parts.map {
      builder.part($0.row.path, attribution: files.added(to: $0).attributionName)
    }
    try Parallel.inOrder(parts.count, threads: threads) { [self] place, giveAhead in
      let reader = try idle.withLock { $0.popLast() } ?? PartReader(history, query)
      defer { idle.withLock { $0.append(reader) } }
      return try chunks(of: parts[place], number: numbers[place], reader, giveAhead)
    } take: { [self] (_, chunks: [ReportChunk]) in
      for chunk in chunks { builder.take(chunk) }
      floor.withLock { $0 = builder.details.floor }
      return true
    }
  }

  /// The last chunks of a part; those before them, if there are many, are given away ahead.
  private func chunks(
    of part: LiveFile, number: Int, _ reader: PartReader,
    _ giveAhead: ([ReportChunk]) throws -> Bool
  ) throws -> [ReportChunk] {
    let event = reader.event(files.dialect(of: part), files.added(to: part))
    var held = [newChunk()]
    var line = 0
    try reader.lines.forEach(of: part) { text in
      if held[held.count - 1].isFull {
        if held.count == ReportReading.heldChunks {
          _ = try giveAhead(held)
          held.removeAll()
        }
        held.append(newChunk())
      }
      line += 1
      held[held.count - 1].add(line: text, event, part: number, number: line)
    }
    return held
  }

  private func newChunk() -> ReportChunk {
    ReportChunk(limits, query, floor: floor.withLock { $0 })
  }
}

/// What a worker reads parts with.
///
/// Unchecked: one worker at a time has it.
private final class PartReader: @unchecked Sendable {
  /// What decides how an event is read.
  private struct Reading: Hashable {
    var pointers: [Role: [JSONPointer]]
    var times: TimeRules
    var added: AddedMembers
  }

  let lines: PartLines
  private let query: SearchQuery
  private var events: [Reading: ReportedEvent] = [:]

  init(_ history: ArchiveHistory, _ query: SearchQuery) throws {
    lines = try PartLines(history)
    self.query = query
  }

  /// A reader of the events of a dialect to which `added` was added.
  func event(_ dialect: Dialect, _ added: AddedMembers) -> ReportedEvent {
    let reading = Reading(pointers: dialect.pointers, times: dialect.times, added: added)
    if let event = events[reading] { return event }
    let event = ReportedEvent(dialect.pointers, times: dialect.times, added, query)
    events[reading] = event
    return event
  }
}
