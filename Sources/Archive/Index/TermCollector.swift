internal import Bytes
internal import Trail

/// The terms of records, most of which repeat.
struct TermCollector: ~Copyable {
  private let event: ArchivedEvent
  /// Terms seen lately: most repeat from event to event.
  private var recent = FlatArray<UInt64>(capacity: TermCollector.recentCount)
  private static let recentCount = 1024
  private var found = FlatArray<UInt64>(capacity: 64)
  private var foundBlocks = FlatArray<UInt64>(capacity: 4)
  /// Terms that are new, as far as is known.
  private(set) var terms = FlatArray<UInt64>(capacity: 256)
  /// Blocks of addresses that are new, as far as is known.
  private(set) var blocks = FlatArray<UInt64>(capacity: 256)
  /// When the lines say that they were.
  private(set) var times = EventTimes()

  init(_ event: ArchivedEvent) {
    self.event = event
    recent.append(repeating: 0, count: TermCollector.recentCount)
  }

  /// Forgets everything.
  mutating func removeAll() {
    terms.removeAll()
    blocks.removeAll()
    forget()
  }

  /// Forgets what was seen lately, and its times: what follows belongs to another member.
  mutating func forget() {
    times = EventTimes()
    recent.removeAll()
    recent.append(repeating: 0, count: TermCollector.recentCount)
  }

  /// Takes the terms of a line, without its line feed.
  mutating func add(_ line: ByteView) {
    guard event.read(line) else { return }
    times.add(event.time)
    found.removeAll()
    foundBlocks.removeAll()
    SearchTerm.append(event, to: &found, blocks: &foundBlocks)
    for term in found.elements where isNew(term) { terms.append(term) }
    for term in foundBlocks.elements where isNew(term) { blocks.append(term) }
  }

  private mutating func isNew(_ term: UInt64) -> Bool {
    let place = Int(term & UInt64(TermCollector.recentCount - 1))
    if recent[place] == term { return false }
    recent[place] = term
    return true
  }
}
