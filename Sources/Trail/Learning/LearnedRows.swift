public import Bytes

/// A row that was learned from an event, without its closing brace and without where it is known from.
public struct LearnedRow: Equatable, Sendable {
  /// The row.
  public var text: [UInt8]
  /// Bytes of it that say which credential it is about, up to when that was issued.
  public var identity: Int
  /// How much it says of who asked for the credential, and how sure that is: see `LearnedRows`.
  public var rank: Int

  /// A row.
  public init(text: [UInt8], identity: Int, rank: Int) {
    self.text = text
    self.identity = identity
    self.rank = rank
  }
}

/// Rows that were learned from events, in memory until all are there.
///
/// The order in which they are taken in does not matter: they are written in the order of their text, and
/// so by key, token and time. Of rows that say the same (an event that came twice) the one whose event
/// stands first is written. Of rows about the same credential, those are that say most of who asked: where
/// one account asks another, both tell it, and the one that is asked knows the other by its number alone.
public final class LearnedRows {
  /// What a row takes beside its text.
  private static let entryBytes = MemoryLayout<Entry>.stride

  /// Most bytes of rows: 2 GiB.
  public static let mostBytes = 2 << 30

  private struct Entry: BitwiseCopyable {
    var text: Span32
    /// The beginning of the text, up to when it was issued.
    var identity: UInt32
    var rank: UInt32
    var action: Span32
    var file: UInt32
    var record: Int
    var offset: Int
    var time: Int64
  }

  private var text = ByteBuffer(capacity: 4096)
  private var entries = FlatArray<Entry>()
  private var files: [String] = []
  private let mostBytes: Int

  /// No rows, and room for so many bytes of them.
  public init(mostBytes: Int = LearnedRows.mostBytes) { self.mostBytes = mostBytes }

  /// Rows that were taken in.
  public var count: Int { entries.count }

  /// Takes in a row and the event that it is known from; false if there is no room for it.
  public func add(_ learned: LearnedRow, _ source: LearnedFrom) -> Bool {
    let row = learned.text
    let needed = row.count + source.action.count + LearnedRows.entryBytes
    guard needed <= mostBytes - text.count - entries.count * LearnedRows.entryBytes else {
      return false
    }
    if files.last?.utf8.elementsEqual(source.file.utf8) != true { files.append(source.file) }
    let start = text.count
    text.append(row)
    text.append(source.action)
    entries.append(
      Entry(
        text: Span32(start, count: row.count),
        identity: UInt32(truncatingIfNeeded: min(learned.identity, row.count)),
        rank: UInt32(truncatingIfNeeded: max(learned.rank, 0)),
        action: Span32(start + row.count, count: source.action.count),
        file: UInt32(files.count - 1), record: source.record, offset: source.offset,
        time: source.time))
    return true
  }

  /// Hands every row, a JSON object without a line feed, to `body`, and returns how many there were.
  public func finish<Failure: Error>(
    _ body: (ByteView) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    var sorted = entries.elements
    sorted.sort { precedes($0, $1) }
    var written = 0
    var row = ByteBuffer(capacity: 1024)
    for index in sorted.indices {
      let entry = sorted[index]
      if index > 0, isSameCredential(sorted[index - 1], entry),
        sorted[index - 1].rank > entry.rank || hasSameText(sorted[index - 1], entry)
      {
        // What was left out leaves out what comes behind it too.
        sorted[index].rank = sorted[index - 1].rank
        continue
      }
      row.removeAll()
      row.append(text[entry.text])
      LearnedFrom(
        file: files[Int(entry.file)], record: entry.record, offset: entry.offset,
        action: Array(text[entry.action]), time: entry.time
      ).append("learned_from", to: &row)
      row.append(UInt8(ascii: "}"))
      try body(row.view)
      written += 1
    }
    return written
  }

  private func hasSameText(_ left: Entry, _ right: Entry) -> Bool {
    text[left.text].elementsEqual(text[right.text])
  }

  private func isSameCredential(_ left: Entry, _ right: Entry) -> Bool {
    identity(left).elementsEqual(identity(right))
  }

  private func identity(_ entry: Entry) -> ByteView {
    text[Span32(start: entry.text.start, count: entry.identity)]
  }

  private func precedes(_ left: Entry, _ right: Entry) -> Bool {
    guard isSameCredential(left, right) else {
      return text[left.text].lexicographicallyPrecedes(text[right.text])
    }
    if left.rank != right.rank { return left.rank > right.rank }
    if !hasSameText(left, right) {
      return text[left.text].lexicographicallyPrecedes(text[right.text])
    }
    let (x, y) = (files[Int(left.file)], files[Int(right.file)])
    if left.file != right.file, !x.utf8.elementsEqual(y.utf8) {
      return x.utf8.lexicographicallyPrecedes(y.utf8)
    }
    return (left.record, left.offset) < (right.record, right.offset)
  }
}
