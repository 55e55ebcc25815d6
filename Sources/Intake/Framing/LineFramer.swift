internal import Platform

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
  private var dense: DenseLine?

  init(_ feed: Feed) { self.feed = feed }

  func fill(_ batch: Batch) throws -> Bool {
    if let dense, dense.fill(batch) { return true }
    dense = nil
    feed.begin(batch)
    var searched = 0
    var lastEnd = 0
    while true {
      lastEnd = endOfLastLine(batch.bytes, from: searched) ?? lastEnd
      searched = batch.bytes.count
      // One byte more may be the carriage return of a record that is just short enough.
      if lastEnd == 0 && searched > feed.limit + 1 {
        try takeOversize(batch)
        return true
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

  private func takeOversize(_ batch: Batch) throws {
    batch.isFramed = true
    let excerpt = try feed.excerpt(batch, from: 0, findEnd: LineFramer.lineFeed)
    feed.appendUnreadable(batch, from: 0, reason: excerpt.reason(limit: feed.limit))
  }

  private static func lineFeed(_ piece: ByteView) -> Int? {
    guard let base = piece.baseAddress, let found = memchr(base, 0x0A, piece.count) else {
      return nil
    }
    return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
  }

  /// The input has ended; what follows the last line feed is complete, waits, or is broken.
  private func takeTail(_ batch: Batch, after lastEnd: Int) -> Bool {
    let tail = ByteView(rebasing: batch.bytes.view[lastEnd...])
    let waits =
      feed.tailWaits && feed.stream.facts.damage == nil && tail.count <= feed.limit
    if waits && !LineFramer.isComplete(tail) {
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
    var lineEnd = LineFramer.lineFeed(batch.bytes.view) ?? end
    feed.cut(batch, at: min(lineEnd + 1, end))
    var start = 0
    guard LineFramer.length(batch.bytes.base, start, lineEnd) <= feed.limit else { return true }
    LineFramer.trim(batch.bytes.base, &start, &lineEnd)
    let dense = DenseLine()
    guard dense.take(batch, from: start, to: lineEnd) else { return true }
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
    while end > start && isSpace(base[end - 1]) { end -= 1 }
    while start < end && isSpace(base[start]) { start += 1 }
  }

  @inline(__always) static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0D || byte == 0x09
  }

  /// True for objects, or nothing, and white space.
  private static func isComplete(_ tail: ByteView) -> Bool {
    let scanner = Scanner(PointerSet([]))
    var at = Scanner.skipWhitespace(tail, from: 0)
    while at < tail.count {
      let scan = withUnsafeTemporaryAllocation(of: Field.self, capacity: 1) {
        scanner.scan(tail, from: at, fields: $0.baseAddress.unsafelyUnwrapped)
      }
      guard scan.fault == .none, scan.kind == .object else { return false }
      at = Scanner.skipWhitespace(tail, from: scan.end)
    }
    return true
  }
}
