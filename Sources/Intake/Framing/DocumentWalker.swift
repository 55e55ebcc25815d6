internal import Bytes
internal import JSONText

/// Tells the records of documents, as a `ValueWalker` does, and goes on behind what is none.
final class DocumentWalker: RecordWalker {
  /// White space behind an object that was cut, in bytes: 64, far more than a line end.
  private static let longestSpace = 64

  private let walker: ValueWalker
  private let limit: Int
  private let hold: Int
  private let isArray: Bool
  private let hasContainers: Bool
  /// The first document is all that there is to walk over, and lines may follow what was none.
  private let isWithinLines: Bool
  private var names = FirstNames()
  private var recovery: Recovery?
  /// What `reach` came to.
  private var reached = Recovery.Outcome.needsMore(0)
  private var isDone = false
  private(set) var isResumed = false
  /// The next document was told by what follows alone.
  private var isRestarted = false
  /// Some bytes of the value beside the records are gone.
  private var isPartlySkipped = false
  /// An incomplete value at the end of the input waits for its rest.
  var mayWait = false

  /// A walker to `records`, or without them to what `format` says, for values up to `limit` bytes, that holds
  /// `hold` bytes of what is none.
  init(
    format: InputFormat, records: JSONPointer?, _ limit: Int, hold: Int, isWithinLines: Bool = false
  ) {
    walker = ValueWalker(format: format, records: records, limit: limit)
    self.limit = limit
    self.isWithinLines = isWithinLines
    walker.isSingle = isWithinLines
    self.hold = hold
    isArray = records == nil && format == .array
    hasContainers = records != nil || isArray
  }

  var syntaxBytes: Int { walker.syntaxBytes }
  /// A line feed stands before the place that was reached.
  var isAtLine: Bool { walker.isAtLine }
  var besideBytes: Int { walker.besideBytes }
  var documentsWithoutRecords: Int { walker.documentsWithoutRecords }
  var documentsWithRecords: Int { walker.documentsWithRecords }
  var format: InputFormat { isArray ? .array : .concatenated }

  func next(_ text: ByteView, _ at: inout Int, isEnd: Bool) -> FrameEvent {
    while true {
      if isDone { return .end }
      if recovery != nil {
        if let event = recover(text, &at, isEnd) { return event }
        continue
      }
      if !walker.isBetweenDocuments { isRestarted = false }
      if walker.isBetweenDocuments && hasContainers && !isRestarted { isResumed = false }
      switch walker.next(text, &at, isEnd: isEnd) {
      case .needsMore: return .needsMore
      case .end: return .end
      case .record(let start, let end):
        let value = ByteView(rebasing: text[start..<end])
        if let reason = reasonToLookBehind(value) {
          at = start
          startRecovery(reason, .record, value)
          continue
        }
        guard let isDocument = isDocument(text, start, end, isEnd) else {
          walker.stepBack()
          at = start
          return .needsMore
        }
        if isDocument {
          at = start
          startRecovery("a bracket is missing at byte 0", .structure, value)
          continue
        }
        names.note(value)
        return .record(start: start, end: end)
      case .oversize(let isRecord):
        startRecovery(
          "longer than max_record (\(limit) bytes)", isRecord ? .record : .besideRecords,
          ByteView(rebasing: text[at...]))
      case .fault(let reason, let offset, let part):
        if part == .structure && at == text.count {
          isDone = true
          return .rejected(start: at, end: at, reason: "\(reason) at byte 0")
        }
        let rest = ByteView(rebasing: text[at...])
        let isUnfinished = reason == ScanFault.unexpectedEnd.reason
        if part == .record, rest.first == UInt8(ascii: "{") {
          if isUnfinished && mayWait && !hasContainers { return .waits }
          guard let isCut = isUnfinished ? true : isCut(rest, isEnd) else { return .needsMore }
          startRecovery("\(reason) at byte \(offset)", part, rest, isCut: isCut)
        } else {
          startRecovery("\(reason) at byte \(offset)", part, rest)
        }
      }
    }
  }

  /// Whether nothing is wrong with an object but that the text ends, white space behind it aside; nil if more
  /// is needed. Then all that it holds is its own, whatever that looks like.
  private func isCut(_ object: ByteView, _ isEnd: Bool) -> Bool? {
    var end = object.count
    while end > 0, object[end - 1].isSpace { end -= 1 }
    let space = object.count - end
    guard space > 0, space <= DocumentWalker.longestSpace, end <= limit,
      walker.scan(ByteView(rebasing: object[..<end])).fault == .unexpectedEnd
    else { return false }
    return isEnd ? true : nil
  }

  /// Why a value is no record that may have swallowed some: a quote or bracket too many makes a string or a
  /// list of them, and what follows tells. Nil for every other.
  private func reasonToLookBehind(_ value: ByteView) -> String? {
    guard value.first != UInt8(ascii: "{"), value.contains(UInt8(ascii: "{")) else { return nil }
    return walker.scan(value).reasonForNoEvent(from: 0)
  }

  /// Whether a document stands where a record should, for the one before was cut; nil if more is needed.
  private func isDocument(_ text: ByteView, _ start: Int, _ end: Int, _ isEnd: Bool) -> Bool? {
    guard hasContainers, !isArray, let isOne = walker.isDocument(text, start, end, isEnd) else {
      return hasContainers && !isArray ? nil : false
    }
    return isOne && !names.beginsWithOne(ByteView(rebasing: text[start..<end]))
  }

  private func startRecovery(
    _ reason: String, _ part: FaultyPart, _ item: ByteView, isCut: Bool = false
  ) {
    isPartlySkipped = false
    var rules = Recovery.Rules(
      surroundings: isWithinLines
        ? .arrayInLines(longest: limit, isAtLine: walker.isAtLine) : .values,
      kind: isCut ? .cut : .value, names: names,
      reach: hasContainers ? limit : 0, longestChain: 4 * hold)
    if part == .record { rules.note(item, walker.scan(ByteView(rebasing: item.prefix(limit + 1)))) }
    recovery = Recovery(reason, part, rules)
  }

  /// Looks for the end of what is no record; nil if it is passed, and nobody needs to know.
  private func recover(_ text: ByteView, _ at: inout Int, _ isEnd: Bool) -> FrameEvent? {
    guard var recovery else { return nil }
    let start = at
    let rest = ByteView(rebasing: text[at...])
    let outcome = recovery.advance(rest, isEnd: isEnd, walker)
    self.recovery = recovery
    if recovery.part == .besideRecords {
      guard let isLost = hasLostItsEnd(outcome, rest, isEnd) else { return .needsMore }
      guard isLost else { return skip(outcome, recovery.reason, rest, &at) }
      startRecovery(recovery.reason, .record, rest)
      return nil
    }
    if outcome.length(rest.count) > hold { return .long(reason: recovery.reason) }
    switch outcome {
    case .needsMore: return .needsMore
    case .ends(let end), .breaks(let end), .endsLine(let end), .resumes(let end),
      .resumesArray(let end), .restarts(let end):
      at += end
    case .rest: at = text.count
    }
    finish(outcome)
    return .rejected(start: start, end: at, reason: reason(recovery, outcome))
  }

  /// Whether a value beside the records holds what should follow it, for a bracket is missing; nil if more is
  /// needed. Of one that is longer than a record may be nobody knows.
  private func hasLostItsEnd(
    _ outcome: Recovery.Outcome, _ text: ByteView, _ isEnd: Bool
  ) -> Bool? {
    guard !isPartlySkipped, text.count <= hold, walker.mayHoldWay else { return false }
    switch outcome {
    case .needsMore: return isEnd ? false : nil
    case .ends(let end): return walker.isRightlyBeside(text, 0, end, isEnd).map { !$0 }
    case .breaks(let end): return walker.holdsWay(ByteView(rebasing: text[..<end]))
    default: return false
    }
  }

  /// Passes over a value beside the records as it comes: nobody needs it.
  private func skip(
    _ outcome: Recovery.Outcome, _ reason: String, _ text: ByteView, _ at: inout Int
  ) -> FrameEvent? {
    let count = outcome.length(0)
    isPartlySkipped = true
    walker.skipBeside(count)
    at += count
    switch outcome {
    case .ends:
      finish(outcome)
      return nil
    case .breaks:
      startRecovery(reason, .structure, ByteView(rebasing: text[count...]))
      return nil
    default:
      recovery?.release(count)
      return .needsMore
    }
  }

  private func reason(_ recovery: Recovery, _ outcome: Recovery.Outcome) -> String {
    switch outcome {
    case .resumes, .resumesArray, .restarts: "\(recovery.reason); resumed"
    case .rest: "\(recovery.reason); the rest of the input"
    default: recovery.reason
    }
  }

  /// The array ended without its bracket.
  var isTorn: Bool { isDone }

  /// The array, which has ended.
  func closed(isLineBefore: Bool) -> ClosedArray {
    var array = ClosedArray(walker, names, reach: limit, longest: 4 * hold)
    array.isLineBefore = isLineBefore
    return array
  }

  /// Goes on with a record.
  func resume() {
    walker.resume()
    isResumed = true
  }

  /// Goes on behind the item.
  private func finish(_ outcome: Recovery.Outcome) {
    recovery = nil
    switch outcome {
    case .needsMore, .breaks: break
    case .ends: walker.leaveValue()
    case .resumes, .resumesArray: resume()
    case .restarts:
      walker.restart()
      isResumed = true
      isRestarted = true
    case .endsLine, .rest: isDone = true
    }
  }

  func reach(_ text: ByteView, isEnd: Bool) -> Reach {
    guard var recovery else { return Reach(count: 0, isEnd: true) }
    let outcome = recovery.advance(text, isEnd: isEnd, walker)
    self.recovery = recovery
    reached = outcome
    return outcome.reach(text.count)
  }

  func release(_ count: Int, isLast: Bool) {
    if isLast { finish(reached) } else { recovery?.release(count) }
  }
}
