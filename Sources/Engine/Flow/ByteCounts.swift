/// What became of the bytes of records, as they came in.
public struct ByteCounts: Equatable, Sendable {
  /// Bytes of records that went to the output.
  public var written = 0
  /// Bytes of re-deliveries.
  public var duplicates = 0
  /// Bytes of records that were not wanted.
  public var filtered = 0
  /// Bytes of what is no record.
  public var unreadable = 0
  /// Bytes of records that a stage turned away.
  public var refused = 0
  /// Bytes that only hold records together.
  public var syntax = 0

  /// No bytes yet.
  public init() {}

  /// Bytes of all records.
  public var records: Int { written + duplicates + filtered + unreadable + refused }

  mutating func add(_ count: Int, _ verdict: Verdict) {
    switch verdict {
    case .keep: written += count
    case .duplicate: duplicates += count
    case .filtered: filtered += count
    case .unreadable: unreadable += count
    case .refused: refused += count
    }
  }
}
