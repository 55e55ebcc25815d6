public import Bytes

// One pass over the bytes of a JSON value proves RFC 8259 (grammar, UTF-8, escapes, numbers) and
// notes where the few values lie that somebody asked for. Nothing is copied, nothing allocated.
//
// How it goes: `ScanLoop.values` is a loop that handles one value a turn. Containers are kept on a stack of
// frames of eight bytes; a frame holds the node of the pointer trie that its members are looked up
// in, or -1 when nobody asked for anything below (most of a record). Inside strings eight bytes
// are tested at once: a word without a quote, a backslash, a control character or a byte of a
// multi-byte character is skipped whole.
//
// Duplicate keys: who asks for them is told of the first (`MemberNames`). For everybody else the last one
// wins, as in nearly every parser that a reader of the archive could use: when a key comes again, what was
// located below its first appearance is forgotten. A set that collects (`collect`) reports every appearance
// instead: who redacts must not miss one.
//
// If you change the grammar here, the oracle in the tests (JSONSerialization), the corpus and the
// fuzz target `scanner` have to agree again.

/// Validates JSON texts and locates the values that a `PointerSet` names. One for each worker.
public final class Scanner {
  /// Levels of nesting that are accepted: 512.
  public static let maxDepth = ScanLimit.depth

  /// What is located.
  public let pointers: PointerSet
  private let frames: UnsafeMutablePointer<ScanFrame>
  /// Per node the scan in which it was last entered: tells a duplicate key.
  private let entered: UnsafeMutablePointer<UInt32>
  private var generation: UInt32 = 0
  private var key = ByteBuffer(capacity: 64)
  private var names = MemberNames()
  private var findsDuplicates = false
  private var matches: FlatArray<Match>
  private var isCollecting = false

  /// A scanner for `pointers`.
  public init(_ pointers: PointerSet) {
    self.pointers = pointers
    frames = UnsafeMutablePointer<ScanFrame>.allocate(capacity: Scanner.maxDepth + 1)
    entered = UnsafeMutablePointer<UInt32>.allocate(capacity: pointers.nodeCount)
    entered.initialize(repeating: 0, count: pointers.nodeCount)
    matches = FlatArray<Match>(capacity: 4)
  }

  deinit {
    frames.deallocate()
    entered.deallocate()
  }

  /// Scans the one value that `text` from `from` on starts with, after white space, and stops
  /// behind it. `fields` takes `pointers.count` fields; all are set, to `.missing` where nothing
  /// was found. They count only if the scan has no fault. `findsDuplicates` asks for a member that an object,
  /// at any depth, has twice.
  public func scan(
    _ text: ByteView, from: Int = 0, findsDuplicates: Bool = false,
    fields: UnsafeMutablePointer<Field>
  ) -> Scan {
    fields.update(repeating: .missing, count: pointers.count)
    isCollecting = false
    self.findsDuplicates = findsDuplicates
    return run(text, from, fields)
  }

  /// As `scan`, for a text that must hold one value and nothing else but white space.
  public func scanWhole(
    _ text: ByteView, findsDuplicates: Bool = false, fields: UnsafeMutablePointer<Field>
  ) -> Scan {
    var scan = scan(text, findsDuplicates: findsDuplicates, fields: fields)
    guard scan.fault == .none else { return scan }
    let end = Scanner.skipWhitespace(text, from: scan.end)
    if end < text.count {
      scan.fault = .trailingBytes
      scan.end = end
    }
    return scan
  }

  /// Values that `collect` finds in one text: 100,000. Of a text with more it visits one more: a caller that
  /// must not miss any has to turn the text away.
  public static let mostMatches = ScanLimit.matches

  /// Scans the value and calls `visit` with every value that a pointer matches, duplicates and
  /// wildcard matches included; inner values come before those that hold them. A value that several
  /// pointers match is reported once, for one of them.
  public func collect(_ text: ByteView, _ visit: (Match) -> Void) -> Scan {
    isCollecting = true
    findsDuplicates = false
    matches.removeAll()
    let scan = withUnsafeTemporaryAllocation(of: Field.self, capacity: max(pointers.count, 1)) {
      run(text, 0, $0.baseAddress.unsafelyUnwrapped)
    }
    if scan.fault == .none { for at in 0..<matches.count { visit(matches[at]) } }
    return scan
  }

  /// Offset of the first byte from `from` on that is no JSON white space.
  public static func skipWhitespace(_ text: ByteView, from: Int) -> Int {
    var at = from
    while at < text.count {
      switch text[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      default: return at
      }
    }
    return at
  }

  private func run(
    _ text: ByteView, _ from: Int, _ fields: UnsafeMutablePointer<Field>
  ) -> Scan {
    var scan = Scan(
      start: from, end: from, fault: .none, kind: .missing, hasLineBreaks: false,
      isEmptyObject: false, duplicate: nil)
    guard let base = text.baseAddress, from < text.count else {
      scan.fault = .emptyText
      return scan
    }
    generation &+= 1
    if generation == 0 {
      entered.update(repeating: 0, count: pointers.nodeCount)
      generation = 1
    }
    var cursor = Cursor(base: base, end: base + text.count, at: base + from)
    cursor.skipWhitespace()
    scan.start = cursor.offset
    cursor.hasLineBreaks = false
    if cursor.at == cursor.end {
      scan.fault = .emptyText
    } else {
      cursor = walk(cursor, fields, &scan)
      scan.fault = cursor.fault
    }
    scan.end = cursor.offset
    scan.hasLineBreaks = cursor.hasLineBreaks
    return scan
  }

  private func walk(
    _ cursor: Cursor, _ fields: UnsafeMutablePointer<Field>, _ scan: inout Scan
  ) -> Cursor {
    let (trie, frames, entered) = (pointers.trie, frames, entered)
    let (generation, isCollecting) = (generation, isCollecting)
    let findsDuplicates = findsDuplicates
    if findsDuplicates { names.begin() }
    let end = withUnsafeMutablePointer(to: &key) { key in
      withUnsafeMutablePointer(to: &matches) { matches in
        let matches = isCollecting ? matches : nil
        guard findsDuplicates else {
          return ScanLoop(
            trie: trie, frames: frames, entered: entered, generation: generation, fields: fields,
            key: key, matches: matches, names: NoNames()
          ).values(cursor, &scan)
        }
        return withUnsafeMutablePointer(to: &names) { names in
          ScanLoop(
            trie: trie, frames: frames, entered: entered, generation: generation, fields: fields,
            key: key, matches: matches, names: TableOfNames(table: names)
          ).values(cursor, &scan)
        }
      }
    }
    if findsDuplicates { scan.duplicate = names.duplicate }
    return end
  }
}
