internal import Bytes

/// What a walker has come to, as a framer is told it.
enum FrameEvent: Equatable {
  /// The bytes are used up, but for an incomplete item: give more.
  case needsMore
  /// A record; the walker stands behind it.
  case record(start: Int, end: Int)
  /// What is no record; the walker stands behind it.
  case rejected(start: Int, end: Int, reason: String)
  /// Where the walker stands an item begins that is no record, and too long to be held: ask `reach` for it.
  case long(reason: String)
  /// The rest is the beginning of a value, and may wait for what is still to be written.
  case waits
  /// The input is at its end.
  case end
}

/// How far an item reaches that is too long to be held.
struct Reach: Equatable {
  /// Bytes of the text that surely belong to it.
  var count: Int
  /// True if it ends behind them.
  var isEnd: Bool
  /// True if it ends where records were told by what follows alone.
  var isResumed = false
}

/// Tells records in text that comes in pieces, and goes on behind what is none.
protocol RecordWalker: AnyObject {
  /// Goes on in `text` at `at`. When more bytes have come, `text` must still begin, at `at`, with
  /// what was left.
  func next(_ text: ByteView, _ at: inout Int, isEnd: Bool) -> FrameEvent
  /// After `long`: how far the item reaches in `text`, which begins with what was not released of it.
  func reach(_ text: ByteView, isEnd: Bool) -> Reach
  /// Says that the first `count` bytes of a long item are gone; with `isLast` those of its end.
  func release(_ count: Int, isLast: Bool)
  /// An incomplete value at the end of the input may wait for its rest.
  var mayWait: Bool { get set }
  /// Bytes so far that hold values together.
  var syntaxBytes: Int { get }
  /// Bytes so far of members beside the records.
  var besideBytes: Int { get }
  /// True behind a place where only the records that follow told that they are records.
  var isResumed: Bool { get }
  /// Documents without a place for records.
  var documentsWithoutRecords: Int { get }
  /// Documents with one.
  var documentsWithRecords: Int { get }
  /// How records stand in the input, as far as it was read.
  var format: InputFormat { get }
}
