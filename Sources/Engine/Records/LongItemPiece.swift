public import Bytes

/// A piece of an item that is no record and too long to be held: it lies in several batches, one after the
/// other.
public struct LongItemPiece: Sendable {
  /// Where a batch holds the piece.
  public enum Place: Sendable {
    /// It is the last of the records: the item begins there.
    case lastRecord
    /// These bytes, which come before all records: the item began in an earlier batch.
    case later(Span32)
  }

  /// Where the piece lies.
  public var place: Place
  /// Offset of the item's first byte in its input, uncompressed.
  public var start: Int
  /// True if the item ends with it.
  public var isLast: Bool
  /// True if what follows the item was told by what follows alone.
  public var isResumed: Bool

  /// What becomes of the item: that of its record, which lies in the first batch.
  public var verdict = Verdict.unreadable

  /// A piece.
  public init(place: Place, start: Int, isLast: Bool, isResumed: Bool) {
    self.place = place
    self.start = start
    self.isLast = isLast
    self.isResumed = isResumed
  }
}
