internal import Bytes
internal import Engine

/// Fills batches with what a walker tells.
final class WalkerFramer: Framer {
  private let feed: Feed
  private let walker: any RecordWalker
  private(set) var pendingBytes = 0
  private var longItem: LongItem?
  private var isDone = false

  init(_ feed: Feed, _ walker: any RecordWalker) {
    self.feed = feed
    self.walker = walker
  }

  var format: InputFormat { walker.format }
  var documentsWithoutRecords: Int { walker.documentsWithoutRecords }
  var documentsWithRecords: Int { walker.documentsWithRecords }
  var syntaxBytes: Int { walker.syntaxBytes }
  var besideBytes: Int { walker.besideBytes }

  func fill(_ batch: Batch) throws -> Bool {
    guard !isDone else { return false }
    feed.begin(batch)
    if longItem != nil { return try fillLong(batch) }
    if let mixed = walker as? MixedWalker, mixed.isAtLine, try fillWithLines(batch) {
      mixed.passLines()
      return true
    }
    batch.isFramed = true
    var at = 0
    while true {
      // Told only now, for damage shows at the end.
      walker.mayWait = feed.tailWaits && !feed.stream.isDamaged
      switch walker.next(batch.bytes.view, &at, isEnd: feed.isEnded) {
      case .record(let start, let end):
        var record = Record(raw: Span32(start, count: end - start))
        record.isResumed = walker.isResumed
        batch.append(record)
      case .rejected(let start, let end, let reason):
        batch.append(Record(raw: Span32(start, count: end - start)))
        batch.reject(batch.records.count - 1, .unreadable, by: -1, reason)
      case .needsMore:
        if try isWorthSending(batch, at) {
          feed.cut(batch, at: at)
          return true
        }
        if batch.records.count == 0 {
          feed.drop(at, of: batch)
          at = 0
        }
        _ = try feed.more(batch)
      case .long(let reason):
        if batch.records.count > 0 {
          feed.cut(batch, at: at)
          return true
        }
        feed.drop(at, of: batch)
        longItem = LongItem(reason: reason)
        return try fillLong(batch)
      case .waits:
        pendingBytes = batch.bytes.count - at
        batch.bytes.truncate(to: at)
        return end(batch, at)
      case .end:
        return end(batch, at)
      }
      if batch.records.count == Batch.mostRecords {
        feed.cut(batch, at: at)
        return true
      }
    }
  }

  private func end(_ batch: Batch, _ at: Int) -> Bool {
    isDone = true
    feed.cut(batch, at: at)
    return batch.records.count > 0
  }

  private func fillLong(_ batch: Batch) throws -> Bool {
    let isLast = try longItem?.fill(batch, feed) { [walker] in
      walker.reach($0, isEnd: $1)
    } release: { [walker] in
      walker.release($0, isLast: $1)
    }
    if isLast ?? true { longItem = nil }
    return true
  }

  /// A batch leaves when it is well filled, or when nothing else is there for now.
  private func isWorthSending(_ batch: Batch, _ at: Int) throws -> Bool {
    guard batch.records.count > 0 else { return false }
    return try at >= Batch.targetSize / 4 * 3 || !feed.stream.hasDataReady()
  }

  /// Takes lines as they are, each with an object as it seems, for the record reader to take apart; false if
  /// the first line is none of those.
  private func fillWithLines(_ batch: Batch) throws -> Bool {
    while batch.bytes.count < Batch.targetSize, !feed.isEnded,
      try batch.bytes.count == 0 || feed.stream.hasDataReady()
    {
      guard try feed.more(batch) else { break }
    }
    let end = ObjectLines.end(batch.bytes.view, longest: feed.limit)
    guard end > 0 else { return false }
    let fitting = RecordBound.fittingEnd(ByteView(rebasing: batch.bytes.view[..<end]))
    guard fitting > 0 else { return false }
    batch.lineRule = .values
    feed.cut(batch, at: fitting)
    return true
  }
}
