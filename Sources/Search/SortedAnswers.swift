internal import Bytes

/// In which order events come.
package enum EventOrder: Sendable {
  case oldestFirst, newestFirst
}

/// Where an event stands in the order: by its time, then by its place in the archive. Events without a time
/// come last, whatever the order.
struct EventKey: Comparable, BitwiseCopyable {
  /// What events are sorted by: microseconds since 1970, or their complement where the newest come first.
  var rank: Int64
  /// The number of its part, in the order of paths, or the complement of that.
  var rankedPart: Int32
  /// The number of its line there, or the complement of that.
  var rankedLine: Int64

  /// The rank of an event without a time.
  static let noTime = Int64.max

  init(rank: Int64, rankedPart: Int32, rankedLine: Int64) {
    self.rank = rank
    self.rankedPart = rankedPart
    self.rankedLine = rankedLine
  }

  /// The key of an event at `time`, nil if it has none, in a line of a part.
  init(_ order: EventOrder, time: Int64?, part: Int32, line: Int64) {
    let isReversed = order == .newestFirst && time != nil
    rank = EventKey.rank(order, time)
    rankedPart = isReversed ? ~part : part
    rankedLine = isReversed ? ~line : line
  }

  /// What comes first in the order has the lowest.
  static func rank(_ order: EventOrder, _ time: Int64?) -> Int64 {
    guard let time else { return noTime }
    return order == .newestFirst ? ~time : time
  }

  /// The number of the part.
  var part: Int { Int(rankedPart < 0 ? ~rankedPart : rankedPart) }

  /// The number of the line.
  var line: Int64 { rankedLine < 0 ? ~rankedLine : rankedLine }

  static func < (left: EventKey, right: EventKey) -> Bool {
    (left.rank, left.rankedPart, left.rankedLine) < (right.rank, right.rankedPart, right.rankedLine)
  }
}

/// Answers in the order of their keys.
protocol SortedAnswers: AnyObject {
  /// The key of the next one; nil at the end.
  var key: EventKey? { get }
  /// Bytes of memory that are held until the end.
  var size: Int { get }
  /// Gives out the next one, and goes on.
  func take(_ body: (ByteView) throws -> Void) throws
}
