#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

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
  let documentsWithoutRecords = 0

  init(_ feed: Feed) { self.feed = feed }

  func fill(_ batch: Batch) throws -> Bool {
    feed.begin(batch)
    var searched = 0
    var lastEnd = 0
    while true {
      lastEnd = endOfLastLine(batch.bytes, from: searched) ?? lastEnd
      searched = batch.bytes.count
      if lastEnd == 0 && searched > feed.limit {
        try takeOversize(batch)
        return true
      }
      let isFull = searched >= Batch.targetSize
      if lastEnd > 0, try isFull || !feed.stream.hasDataReady() {
        feed.cut(batch, at: lastEnd)
        return true
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
    batch.inputCount = batch.bytes.count
    return batch.inputCount > 0
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
