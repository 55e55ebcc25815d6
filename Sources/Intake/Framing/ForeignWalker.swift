internal import Bytes

/// Walks over an input that holds no records in any form that is read: all of it is one item.
final class ForeignWalker: RecordWalker {
  private let foreign: ForeignFormat
  private let hold: Int
  private var isDone = false
  let syntaxBytes = 0
  let besideBytes = 0
  let isResumed = false
  let documentsWithoutRecords = 0
  let documentsWithRecords = 0
  let format = InputFormat.auto
  var mayWait = false

  init(_ foreign: ForeignFormat, hold: Int) {
    self.foreign = foreign
    self.hold = hold
  }

  func next(_ text: ByteView, _ at: inout Int, isEnd: Bool) -> FrameEvent {
    if isDone { return .end }
    let start = at
    if text.count - start > hold { return .long(reason: foreign.reason) }
    guard isEnd else { return .needsMore }
    at = text.count
    isDone = true
    return .rejected(start: start, end: at, reason: foreign.reason)
  }

  func reach(_ text: ByteView, isEnd: Bool) -> Reach { Reach(count: text.count, isEnd: isEnd) }

  func release(_ count: Int, isLast: Bool) { isDone = isLast }
}
