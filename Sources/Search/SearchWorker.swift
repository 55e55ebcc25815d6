#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

internal import Archive
internal import Bytes
internal import JSONText
internal import Trail

/// Bytes that every line with an answer holds, unless it hides them behind an escape.
struct Needle: Sendable {
  private let bytes: [UInt8]
  /// Where the byte is that is looked for first: the one that events have least of.
  private let rare: Int

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
    bytes = longest
    rare = longest.indices.min { Needle.rank(longest[$0]) < Needle.rank(longest[$1]) } ?? 0
  }

  /// How common a byte is in events, roughly.
  private static func rank(_ byte: UInt8) -> Int {
    switch byte {
    case 0x61...0x7A: "etaoinsrcdlup".utf8.contains(byte) ? 5 : 3
    case 0x30...0x39: 4
    case 0x2D, 0x2E, 0x2F, 0x3A, 0x5F, 0x2C, 0x7B, 0x7D, 0x20: 4
    case 0x41...0x5A: 2
    default: 1
    }
  }

  /// False if the line certainly holds no answer.
  func mayBeIn(_ line: ByteView) -> Bool {
    guard let start = line.baseAddress, line.count >= bytes.count else { return false }
    let last = line.count - (bytes.count - rare)
    var at = rare
    while at <= last,
      let found = memchr(start + at, Int32(bytes[rare]), last - at + 1)
    {
      let place = UnsafeRawPointer(start).distance(to: UnsafeRawPointer(found))
      if bytes.withUnsafeBufferPointer({
        memcmp(start + place - rare, $0.baseAddress.unsafelyUnwrapped, $0.count)
      })
        == 0
      {
        return true
      }
      at = place + 1
    }
    // What is written with an escape is there, and cannot be seen.
    return memchr(start, 0x5C, line.count) != nil
  }
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
  private var text = ByteBuffer(capacity: 16)
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
    let before = reader.bytesRead
    try reader.read(parts[number], member, into: &text)
    effort.bytesRead += reader.bytesRead - before
    effort.textRead += text.count
    var line = firstLine
    var at = UnsafePointer<UInt8>(text.base)
    let end = at + text.count
    while at < end {
      let feed =
        memchr(at, 0x0A, end - at).map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) }
        ?? end
      let view = ByteView(start: at, count: feed - at)
      if needle?.mayBeIn(view) ?? true {
        effort.eventsRead += 1
        if event.read(view), query.matches(event) {
          effort.found += 1
          onEvent?(event)
          if keepsLines {
            found.append(
              view, EventKey(time: event.time ?? .max, part: Int32(clamping: number), line: line))
          }
        }
      }
      line += 1
      at = feed + 1
    }
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
