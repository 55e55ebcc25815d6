internal import Bytes
internal import JSONText

/// Tells records in text of which nobody said how they stand in it: objects in lines, several in a line, over
/// several lines, and arrays of them, in any order. What is none costs itself, or its line.
///
/// A value that stands first in its line counts if a line feed, the end, or another value follows; else all
/// of the line is turned away, as a line of words that begins with a value. One that stands behind another
/// counts as soon as it is whole.
final class MixedWalker: RecordWalker {
  private let limit: Int
  private let hold: Int
  private var values: ValueWalker
  private var array: DocumentWalker?
  /// The array that has ended in this line, or the line before.
  private var closedArray: (walker: DocumentWalker, isLineBefore: Bool)?
  private var recovery: Recovery?
  /// Bytes of a whole value that waits for what follows it.
  private var heldCount: Int?
  private var isFirstInLine = true
  /// White space stands before the value in its line.
  private var isIndented = false
  /// The last line was none; what is indented behind it may be the rest of what it began.
  private var isBehindWords = false
  /// Something in the line was turned away: a list behind it is perhaps its rest.
  private var isBehindItem = false
  private var isInHole = false
  /// What `reach` came to.
  private var reached = Recovery.Outcome.needsMore(0)
  private(set) var syntaxBytes = 0
  private(set) var besideBytes = 0
  private(set) var isResumed = false
  let documentsWithoutRecords = 0
  let documentsWithRecords = 0
  /// An array ends with its bracket: text that was added to it does not follow what was read.
  private(set) var format = InputFormat.auto
  /// An incomplete value at the end of the input waits for its rest.
  var mayWait = false

  /// A walker for values up to `limit` bytes, that holds `hold` bytes of what is none.
  init(_ limit: Int, hold: Int) {
    self.limit = limit
    self.hold = hold
    values = ValueWalker(format: .concatenated, records: nil, limit: limit)
  }

  /// The walker stands at the beginning of a line, and between values.
  var isAtLine: Bool {
    array == nil && closedArray == nil && recovery == nil && heldCount == nil && isFirstInLine
      && values.isIdle
  }

  /// Says that somebody else has taken whole lines, which begin in their first columns.
  func passLines() { isBehindWords = false }

  func next(_ text: ByteView, _ at: inout Int, isEnd: Bool) -> FrameEvent {
    while true {
      if let array {
        let event = walk(array, text, &at, isEnd)
        if event != .end { return event }
        self.array = nil
        isFirstInLine = array.isAtLine
        closedArray = array.isTorn ? nil : (array, isFirstInLine)
      }
      if recovery != nil { return recover(text, &at, isEnd) }
      if let heldCount {
        if let event = judge(heldCount, text, &at, isEnd) { return event }
        continue
      }
      if values.isIdle { skipSpace(text, &at) }
      if at == text.count && values.isIdle { return isEnd ? .end : .needsMore }
      if let event = begin(text, &at, isEnd) { return event }
    }
  }

  private func walk(
    _ array: DocumentWalker, _ text: ByteView, _ at: inout Int, _ isEnd: Bool
  ) -> FrameEvent {
    let (syntax, beside) = (array.syntaxBytes, array.besideBytes)
    let event = array.next(text, &at, isEnd: isEnd)
    syntaxBytes += array.syntaxBytes - syntax
    besideBytes += array.besideBytes - beside
    isResumed = array.isResumed
    return event
  }

  private func skipSpace(_ text: ByteView, _ at: inout Int) {
    let start = at
    while at < text.count {
      let byte = text[at]
      guard byte.isSpace else { break }
      isIndented = byte != 0x0A
      if byte == 0x0A {
        isFirstInLine = true
        isBehindItem = false
        isResumed = false
        closedArray?.isLineBefore = true
      }
      at += 1
    }
    syntaxBytes += at - start
  }

  /// Looks at the beginning of an item.
  private func begin(_ text: ByteView, _ at: inout Int, _ isEnd: Bool) -> FrameEvent? {
    if values.isIdle && isFirstInLine {
      if !isIndented { isBehindWords = false }
      if isBehindWords {
        startRecovery(nil, text, at, isOfWords: true)
        return nil
      }
    }
    switch text[at] {
    case UInt8(ascii: "{"):
      return value(text, &at, isEnd)
    case UInt8(ascii: "[") where !isBehindItem:
      let next = Scanner.skipWhitespace(text, from: at + 1)
      guard next < text.count || isEnd || next - at > Recovery.longestGap else { return .needsMore }
      if next < text.count, text[next] == UInt8(ascii: "{") || text[next] == UInt8(ascii: "]") {
        format = .array
        array = DocumentWalker(
          format: .array, records: nil, limit, hold: hold, isWithinLines: true)
        return nil
      }
    case 0:
      return passHole(text, &at, isEnd)
    default: break
    }
    startRecovery(nil, text, at, isOfWords: isFirstInLine)
    return nil
  }

  /// Bytes of zero that a file has where it was cut while somebody wrote behind.
  private func passHole(_ text: ByteView, _ at: inout Int, _ isEnd: Bool) -> FrameEvent {
    let reach = NullBytes.reach(ByteView(rebasing: text[at...]), isEnd: isEnd)
    isInHole = reach.count > hold
    if isInHole { return .long(reason: NullBytes.reason) }
    guard reach.isEnd else { return .needsMore }
    let start = at
    at += reach.count
    return .rejected(start: start, end: at, reason: NullBytes.reason)
  }

  private func value(_ text: ByteView, _ at: inout Int, _ isEnd: Bool) -> FrameEvent? {
    var end = at
    switch values.next(text, &end, isEnd: isEnd) {
    case .needsMore, .end: return .needsMore
    case .record(let start, _):
      if isFirstInLine {
        heldCount = end - start
        return nil
      }
      return accept(text, &at, end)
    case .oversize:
      startRecovery("longer than max_record (\(limit) bytes)", text, at)
    case .fault(let reason, let offset, _):
      let isUnfinished = isEnd && reason == ScanFault.unexpectedEnd.reason
      if isUnfinished {
        let rest = ByteView(rebasing: text[at...])
        // A brace alone, and its line feed: the rest may still be to come.
        let isBeginning = Scanner.skipWhitespace(rest, from: 1) == rest.count
        if isBeginning || DocumentLines(rest) != nil || !rest.contains(0x0A) {
          if mayWait { return .waits }
          let start = at
          at = text.count
          values = ValueWalker(format: .concatenated, records: nil, limit: limit)
          return .rejected(start: start, end: at, reason: "\(reason) at byte \(offset)")
        }
      }
      startRecovery("\(reason) at byte \(offset)", text, at)
    }
    return nil
  }

  /// A value that stands first in its line, and whether it counts.
  private func judge(
    _ count: Int, _ text: ByteView, _ at: inout Int, _ isEnd: Bool
  ) -> FrameEvent? {
    var next = at + count
    while next < text.count && text[next].isSpaceInLine { next += 1 }
    let isFar = next - at - count > Recovery.longestGap
    guard next < text.count || isEnd || isFar else { return .needsMore }
    heldCount = nil
    if isFar || next == text.count || text[next] == 0x0A || text[next] == UInt8(ascii: "{")
      || text[next] == UInt8(ascii: "[")
    {
      return accept(text, &at, at + count)
    }
    // Words follow: what the next lines are is not for this one to say.
    let isLine = !text[at..<at + count].contains(0x0A)
    startRecovery(nil, text, at, isOfWords: isLine)
    return nil
  }

  private func accept(_ text: ByteView, _ at: inout Int, _ end: Int) -> FrameEvent {
    let start = at
    at = end
    if isFirstInLine { closedArray = nil }
    isFirstInLine = false
    isIndented = false
    return .record(start: start, end: end)
  }

  // MARK: What is no record

  private func startRecovery(
    _ reason: String?, _ text: ByteView, _ at: Int, isOfWords: Bool = false
  ) {
    values = ValueWalker(format: .concatenated, records: nil, limit: limit)
    // Behind an array, a list or string may have swallowed its elements.
    let mayHoldElements = closedArray != nil && text[at] != UInt8(ascii: "{")
    var rules = Recovery.Rules(
      surroundings: .lines(longest: hold), kind: isOfWords || mayHoldElements ? .words : .value,
      longestChain: 4 * hold,
      closedArray: closedArray.map { $0.walker.closed(isLineBefore: $0.isLineBefore) })
    if reason != nil {
      let object = ByteView(rebasing: text[at...])
      rules.note(object, values.scan(ByteView(rebasing: object.prefix(limit + 1))))
    }
    recovery = Recovery(reason ?? "", .record, rules)
  }

  private func recover(_ text: ByteView, _ at: inout Int, _ isEnd: Bool) -> FrameEvent {
    guard var recovery else { return .needsMore }
    let start = at
    let rest = ByteView(rebasing: text[at...])
    let outcome = recovery.advance(rest, isEnd: isEnd, values)
    self.recovery = recovery
    if outcome.length(rest.count) > hold {
      let reason = recovery.reason
      return .long(reason: reason.isEmpty ? "longer than max_record (\(limit) bytes)" : reason)
    }
    switch outcome {
    case .needsMore: return .needsMore
    case .ends(let end), .breaks(let end), .resumes(let end), .resumesArray(let end),
      .restarts(let end):
      at += end
    case .endsLine(let end): at += rest.trimmedEnd(end)
    case .rest: at = text.count
    }
    finish(outcome)
    let item = ByteView(rebasing: text[start..<at])
    var reason = reasonOfLine(item) ?? recovery.reason
    switch outcome {
    case .resumes: reason += "; resumed"
    case .resumesArray:
      reason = (reason.isEmpty ? "behind the end of an array" : reason) + "; resumed"
    default: break
    }
    return .rejected(start: start, end: at, reason: reason)
  }

  /// Why an item is none, as it would be said of a line by itself; nil if it is one.
  private func reasonOfLine(_ item: ByteView) -> String? {
    var at = 0
    while at < item.count {
      var scan = values.scan(ByteView(rebasing: item[at...]))
      scan.start += at
      scan.end += at
      if let reason = scan.reasonForNoEvent(from: 0) { return reason }
      at = Scanner.skipWhitespace(item, from: scan.end)
    }
    return nil
  }

  private func finish(_ outcome: Recovery.Outcome) {
    recovery = nil
    isBehindItem = true
    if isFirstInLine, case .ends = outcome { closedArray = nil }
    isFirstInLine = false
    switch outcome {
    case .endsLine: isBehindWords = true
    case .resumes: isResumed = true
    case .resumesArray:
      isBehindItem = false
      array = closedArray?.walker
      array?.resume()
      closedArray = nil
    default: break
    }
  }

  func reach(_ text: ByteView, isEnd: Bool) -> Reach {
    if let array { return array.reach(text, isEnd: isEnd) }
    if isInHole { return NullBytes.reach(text, isEnd: isEnd) }
    guard var recovery else { return Reach(count: 0, isEnd: true) }
    let outcome = recovery.advance(text, isEnd: isEnd, values)
    self.recovery = recovery
    reached = outcome
    return outcome.reach(text.count)
  }

  func release(_ count: Int, isLast: Bool) {
    if let array {
      array.release(count, isLast: isLast)
      isResumed = array.isResumed
    } else if isInHole {
      isInHole = !isLast
    } else if isLast {
      finish(reached)
    } else {
      recovery?.release(count)
    }
  }

  // MARK: One line

  /// What a line is made of.
  struct Item {
    var start: Int
    var count: Int
    /// Why it is no record; nil for one.
    var reason: String?
    var isResumed: Bool
  }

  /// The items of a line of `ObjectLines`, without white space at its ends, and how many bytes lie between
  /// them.
  static func items(of line: ByteView, limit: Int, hold: Int) -> (items: [Item], syntaxBytes: Int) {
    let walker = MixedWalker(limit, hold: hold)
    // What follows such a line tells where it ends.
    var text = ByteBuffer(capacity: line.count + 2)
    text.append(line)
    text.append("\n{")
    var items: [Item] = []
    var at = 0
    while at < line.count {
      switch walker.next(text.view, &at, isEnd: false) {
      case .record(let start, let end):
        items.append(Item(start: start, count: end - start, isResumed: walker.isResumed))
      case .rejected(let start, let end, let reason):
        items.append(Item(start: start, count: end - start, reason: reason, isResumed: false))
      case .needsMore, .long, .waits, .end:
        items.append(Item(start: at, count: line.count - at, reason: "no record", isResumed: false))
        return (items, walker.syntaxBytes)
      }
    }
    return (items, walker.syntaxBytes)
  }
}
