internal import Bytes

/// Where an event stands in the order: by its time, then by its place in the archive.
struct EventKey: Comparable, BitwiseCopyable {
  /// Microseconds since 1970; the largest number for an event without a time, which comes last.
  var time: Int64
  /// The number of its part, in the order of paths.
  var part: Int32
  /// The number of its line there.
  var line: Int64

  static func < (left: EventKey, right: EventKey) -> Bool {
    (left.time, left.part, left.line) < (right.time, right.part, right.line)
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
