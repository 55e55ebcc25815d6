public import Bytes
public import Codec

/// What a run has read: for each input how it began, how far it was read, and under which plan and
/// window.
///
/// An input is known by its content, never by its name: log rotation gives old names to new content
/// and new names to old.
public struct Ledger: Sendable {
  /// An input that was read.
  public struct Entry: Equatable, Sendable {
    /// What its manifest says of it.
    public var input: InputFacts
    /// Digest of framing, dialect and stages.
    public var plan: Digest256?
    /// Events before it were filtered.
    public var since: Timestamp?
    /// Events from it on were filtered.
    public var until: Timestamp?
    /// The commit that read it.
    public var sequence: Int
    /// True if that commit kept digests of what it wrote.
    public var isDigested: Bool

    /// Records in it, those of the runs that this one continued included.
    public var totalRecords: Int {
      let (total, overflow) = input.records.addingReportingOverflow(input.continued?.records ?? 0)
      return overflow ? Int.max : total
    }

    /// True if it was read under this plan and window.
    public func wasRead(under plan: Digest256, since: Timestamp?, until: Timestamp?) -> Bool {
      self.plan == plan && self.since == since && self.until == until
    }
  }

  /// In the order of reading.
  private(set) var entries: [Entry] = []
  private var byMark: [ContentMark: [Int]] = [:]

  /// A ledger without entries.
  public init() {}

  /// Adds an input. One without content or without a digest is not worth knowing.
  mutating func add(_ entry: Entry) {
    guard let mark = entry.input.beginning, entry.input.sha256 != nil else { return }
    byMark[mark, default: []].append(entries.count)
    entries.append(entry)
  }

  /// The inputs that one which begins with `first` (its first 4,096 bytes or all of them) may be, or
  /// continue.
  public func candidates(_ first: ByteView) -> [Entry] {
    ContentMark.all(first).flatMap { byMark[$0] ?? [] }.sorted().map { entries[$0] }
  }

  /// The same for an input of which the mark of the whole is known.
  public func candidates(_ mark: ContentMark) -> [Entry] {
    (byMark[mark] ?? []).map { entries[$0] }
  }
}
