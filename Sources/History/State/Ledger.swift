package import Bytes

/// What a run has read: for each input how it began, how far it was read, and under which plan and
/// window.
///
/// An input is known by its content, never by its name: log rotation gives old names to new content
/// and new names to old.
package struct Ledger: Sendable {
  /// An input that was read.
  package struct Entry: Equatable, Sendable {
    /// The row of its manifest.
    package var input: RecordedInput
    /// Digest of framing, dialect and stages.
    package var plan: Digest256?
    /// Events outside of it were filtered.
    package var window: TimeWindow
    /// The commit that read it.
    package var sequence: Int
    /// True if that commit kept digests of what it wrote.
    package var isDigested: Bool

    /// Records in it, those of the runs that this one continued included.
    package var totalRecords: Int {
      let (total, overflow) = input.records.addingReportingOverflow(input.continued?.records ?? 0)
      return overflow ? Int.max : total
    }

    /// True if its end closes it, as that of an array does: when it has grown it does not begin with what it
    /// was.
    package var isClosed: Bool { input.format == "array" || input.format == "records" }

    /// True if it was read under this plan and window.
    package func wasRead(under plan: Digest256, _ window: TimeWindow) -> Bool {
      self.plan == plan && self.window == window
    }
  }

  /// What is known of the inputs whose stored bytes begin alike.
  private struct Alike {
    /// Entries by length and digest.
    var entries: [Content: [Int]] = [:]
    var lengths: Set<Int64> = []
  }

  private struct Content: Hashable {
    var bytes: Int64
    var sha256: Digest256
  }

  /// In the order of reading.
  package private(set) var entries: [Entry] = []
  private var byMark: [ContentMark: Alike] = [:]
  /// Entries by how their text begins.
  private var byText: [ContentMark: [Int]] = [:]

  /// A ledger without entries.
  package init() {}

  package var isEmpty: Bool { entries.isEmpty }

  /// Adds an input. One without content or without a digest is not worth knowing.
  package mutating func add(_ entry: Entry) {
    guard let mark = entry.input.beginning, let sha256 = entry.input.sha256 else { return }
    var alike = byMark.removeValue(forKey: mark) ?? Alike()
    let content = Content(bytes: entry.input.bytes, sha256: sha256)
    alike.entries[content, default: []].append(entries.count)
    alike.lengths.insert(content.bytes)
    byMark[mark] = alike
    if entry.input.textDigest != nil, let mark = entry.input.textMark {
      byText[mark, default: []].append(entries.count)
    }
    entries.append(entry)
  }

  /// How long the inputs are, as stored, that one of `size` bytes, which begins with `first` (its first
  /// 4,096 bytes or all of them), may be, or continue.
  package func lengths(_ first: ByteView, size: Int64) -> Set<Int64> {
    ContentMark.all(first).reduce(into: []) { lengths, mark in
      lengths.formUnion((byMark[mark]?.lengths ?? []).lazy.filter { $0 <= size })
    }
  }

  /// The inputs of `bytes` bytes as stored that begin with `first` and have this digest, in the order of
  /// reading.
  package func entries(_ first: ByteView, bytes: Int64, sha256: Digest256) -> [Entry] {
    guard let mark = ContentMark(first, total: bytes) else { return [] }
    return (byMark[mark]?.entries[Content(bytes: bytes, sha256: sha256)] ?? []).map { entries[$0] }
  }

  /// The inputs whose text begins as one does that begins with `first` (its first 4,096 bytes or all of
  /// them): what it may be, continue, or be an older copy of. In the order of reading.
  package func texts(_ first: ByteView) -> [Entry] {
    ContentMark.all(first).flatMap { byText[$0] ?? [] }.sorted().map { entries[$0] }
  }
}
