internal import Bytes
internal import Engine
internal import JSONText

/// Fills batches with whole lines, which the record reader takes apart.
///
/// A last line without a line feed is a record like any other if it holds complete objects: many
/// exporters leave the line feed out, and an object that is closed cannot grow. What is not complete
/// may still be written by somebody: then it waits, if the settings say so.
final class LineFramer: Framer {
  private let feed: Feed
  private(set) var pendingBytes = 0
  let format = InputFormat.ndjson
  let documentsWithoutRecords = 0
  let documentsWithRecords = 0
  let besideBytes = 0
  private(set) var syntaxBytes = 0
  private var dense: DenseLine?
  private var longItem: LongItem?
  private var isInHole = false

  init(_ feed: Feed) { self.feed = feed }

  func fill(_ batch: Batch) throws -> Bool {
    if let dense, dense.fill(batch) { return true }
    dense = nil
    feed.begin(batch)
    if longItem != nil { return try fillLong(batch) }
    var searched = 0
    var lastEnd = 0
    while true {
      lastEnd = endOfLastLine(batch.bytes, from: searched) ?? lastEnd
      searched = batch.bytes.count
      // One byte more may be the carriage return of a record that is just short enough.
      if lastEnd == 0 && searched > feed.limit + 1 {
        dropBlanks(batch)
        searched = batch.bytes.count
        if searched > feed.limit + 1 { return try takeOversize(batch) }
      }
      let isFull = searched >= Batch.targetSize
      if lastEnd > 0, try isFull || !feed.stream.hasDataReady() {
        return send(batch, upTo: lastEnd)
      }
      guard try feed.more(batch) else { return takeTail(batch, after: lastEnd) }
    }
  }

  /// Offset behind the last line feed at or after `start`.
  private func endOfLastLine(_ bytes: borrowing ByteBuffer, from start: Int) -> Int? {
    var at = bytes.count
    while at > start {
      if bytes.base[at - 1] == 0x0A { return at }
      at -= 1
    }
    return nil
  }

  /// A line that is too long, or zeros before one.
  private func takeOversize(_ batch: Batch) throws -> Bool {
    while true {
      let text = batch.bytes.view
      isInHole = text.first == 0
      let reach = reach(text, isEnd: feed.isEnded)
      if reach.count > feed.hold {
        longItem = LongItem(reason: isInHole ? NullBytes.reason : tooLong)
        return try fillLong(batch)
      }
      if reach.isEnd {
        batch.isFramed = true
        batch.append(Record(raw: Span32(0, count: reach.count)))
        batch.reject(0, .unreadable, by: -1, isInHole ? NullBytes.reason : tooLong)
        feed.cut(batch, at: reach.count)
        return true
      }
      _ = try feed.more(batch)
    }
  }

  /// Blanks before a line are no part of it.
  private func dropBlanks(_ batch: Batch) {
    var blanks = 0
    while blanks < batch.bytes.count && batch.bytes.base[blanks].isSpaceInLine { blanks += 1 }
    syntaxBytes += blanks
    feed.drop(blanks, of: batch)
  }

  private func reach(_ text: ByteView, isEnd: Bool) -> Reach {
    if isInHole { return NullBytes.reach(text, isEnd: isEnd) }
    let end = text.place(of: 0x0A)
    return Reach(count: end ?? text.count, isEnd: isEnd || end != nil)
  }

  private var tooLong: String { "longer than max_record (\(feed.limit) bytes)" }

  private func fillLong(_ batch: Batch) throws -> Bool {
    let isLast = try longItem?.fill(batch, feed) { [self] in
      reach($0, isEnd: $1)
    } release: { _, _ in
    }
    if isLast ?? true { longItem = nil }
    return true
  }

  /// The input has ended; what follows the last line feed is complete, waits, or is broken.
  private func takeTail(_ batch: Batch, after lastEnd: Int) -> Bool {
    let tail = ByteView(rebasing: batch.bytes.view[lastEnd...])
    let waits =
      feed.tailWaits && !feed.stream.isDamaged && tail.count <= feed.limit
    if waits && LineFramer.isUnfinished(tail) {
      pendingBytes = tail.count
      batch.bytes.truncate(to: lastEnd)
    }
    return batch.bytes.count > 0 && send(batch, upTo: batch.bytes.count)
  }

  /// Ends the batch at `end`, which is the end of a line, or earlier if it might hold more records
  /// than a batch takes.
  private func send(_ batch: Batch, upTo end: Int) -> Bool {
    let fitting = RecordBound.fittingEnd(ByteView(rebasing: batch.bytes.view[..<end]))
    if fitting > 0 {
      feed.cut(batch, at: fitting)
      return true
    }
    var lineEnd = batch.bytes.view.place(of: 0x0A) ?? end
    feed.cut(batch, at: min(lineEnd + 1, end))
    var start = 0
    guard LineFramer.length(batch.bytes.base, start, lineEnd) <= feed.limit else { return true }
    LineFramer.trim(batch.bytes.base, &start, &lineEnd)
    let dense = DenseLine()
    guard dense.take(batch, from: start, to: lineEnd) else { return true }
    syntaxBytes += batch.inputCount - (lineEnd - start)
    self.dense = dense
    batch.clear()
    return dense.fill(batch)
  }

  // MARK: What a line is

  /// Length of the line from `start` to its line feed at `end`; a carriage return before that is not
  /// counted.
  @inline(__always) static func length(
    _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
  ) -> Int {
    end - start - (end > start && base[end - 1] == 0x0D ? 1 : 0)
  }

  /// Takes white space away at both ends.
  @inline(__always) static func trim(
    _ base: UnsafePointer<UInt8>, _ start: inout Int, _ end: inout Int
  ) {
    end = ByteView(start: base, count: end).trimmedEnd(end, from: start)
    while start < end && base[start].isSpaceInLine { start += 1 }
  }

  /// True if only the last of some objects is not complete, and could be.
  private static func isUnfinished(_ tail: ByteView) -> Bool {
    let scanner = Scanner(PointerSet([]))
    var at = Scanner.skipWhitespace(tail, from: 0)
    while at < tail.count {
      let scan = withUnsafeTemporaryAllocation(of: Field.self, capacity: 1) {
        scanner.scan(tail, from: at, fields: $0.baseAddress.unsafelyUnwrapped)
      }
      guard scan.fault == .none else {
        return scan.fault == .unexpectedEnd && tail[at] == UInt8(ascii: "{")
      }
      guard scan.kind == .object else { return false }
      at = Scanner.skipWhitespace(tail, from: scan.end)
    }
    return false
  }
}
