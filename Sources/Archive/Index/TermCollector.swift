internal import Bytes
internal import Trail

/// The terms of records, of which most repeat, each once as far as is known.
struct DistinctTerms: ~Copyable {
  /// Terms seen lately: most repeat from event to event.
  private var recent = FlatArray<UInt64>(capacity: DistinctTerms.recentCount)
  private static let recentCount = 1024
  /// Terms that are new, as far as is known.
  private(set) var terms = FlatArray<UInt64>(capacity: 256)
  /// Blocks of addresses that are new, as far as is known.
  private(set) var blocks = FlatArray<UInt64>(capacity: 256)

  init() { recent.append(repeating: 0, count: DistinctTerms.recentCount) }

  /// Forgets everything.
  mutating func removeAll() {
    terms.removeAll()
    blocks.removeAll()
    forget()
  }

  /// Forgets what was seen lately: what follows belongs to another member.
  mutating func forget() {
    recent.removeAll()
    recent.append(repeating: 0, count: DistinctTerms.recentCount)
  }

  /// Takes a term.
  @inline(__always) mutating func add(term: UInt64) { if isNew(term) { terms.append(term) } }

  /// Takes the term of a block of addresses.
  @inline(__always) mutating func add(block: UInt64) { if isNew(block) { blocks.append(block) } }

  /// Takes rows of `RecordTerms`.
  mutating func add(rows: ByteView) {
    let words = UnsafeRawBufferPointer(rows)
    var at = 0
    while at < words.count {
      let counts = words.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      let blocks = at + 8 + Int(counts & 0xFFFF_FFFF) * 8
      let end = blocks + Int(counts >> 32) * 8
      at += 8
      while at < blocks {
        add(term: words.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        at += 8
      }
      while at < end {
        add(block: words.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        at += 8
      }
    }
  }

  private mutating func isNew(_ term: UInt64) -> Bool {
    let place = Int(term & UInt64(DistinctTerms.recentCount - 1))
    if recent[place] == term { return false }
    recent[place] = term
    return true
  }
}

/// The terms and times of lines that are archived.
struct TermCollector: ~Copyable {
  private let event: ArchivedEvent
  private var found = FlatArray<UInt64>(capacity: 64)
  private var foundBlocks = FlatArray<UInt64>(capacity: 4)
  /// Their terms.
  private(set) var distinct = DistinctTerms()
  /// When the lines say that they were.
  private(set) var times = EventTimes()

  init(_ event: ArchivedEvent) { self.event = event }

  /// Forgets everything.
  mutating func removeAll() {
    distinct.removeAll()
    times = EventTimes()
  }

  /// Takes the terms of a line, without its line feed.
  mutating func add(_ line: ByteView) {
    guard event.read(line) else { return }
    times.add(event.time)
    found.removeAll()
    foundBlocks.removeAll()
    SearchTerm.append(event, to: &found, blocks: &foundBlocks)
    for term in found.elements { distinct.add(term: term) }
    for block in foundBlocks.elements { distinct.add(block: block) }
  }
}
