internal import Bytes
internal import Engine
internal import JSONText

/// Fills batches with records taken out of documents: see `ValueWalker`.
///
/// A bad value makes the rest of the input one item of the quarantine: where the next record begins
/// nobody can tell.
final class ValueFramer: Framer {
  private let feed: Feed
  private let walker: ValueWalker
  let format: InputFormat
  private let mayWait: Bool
  private(set) var pendingBytes = 0
  private var isDone = false

  init(_ feed: Feed, format: InputFormat, records: JSONPointer?) {
    self.feed = feed
    self.format = format
    mayWait = feed.tailWaits && records == nil && format == .concatenated
    walker = ValueWalker(format: format, records: records, limit: feed.limit)
  }

  var documentsWithoutRecords: Int { walker.documentsWithoutRecords }

  func fill(_ batch: Batch) throws -> Bool {
    guard !isDone else { return false }
    feed.begin(batch)
    batch.isFramed = true
    var at = 0
    while true {
      switch walker.next(batch.bytes.view, &at, isEnd: feed.isEnded) {
      case .record(let start, let end):
        batch.append(Record(raw: Span32(start, count: end - start)))
        if batch.records.count == Batch.mostRecords {
          feed.cut(batch, at: at)
          return true
        }
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
      case .oversize(let isRecord):
        if try takeOversize(batch, &at, isRecord) { return true }
      case .fault(let reason, let offset):
        try takeRest(batch, from: at, reason: reason, offset)
        return batch.records.count > 0
      case .end:
        isDone = true
        feed.cut(batch, at: at)
        return batch.records.count > 0
      }
    }
  }

  /// A batch leaves when it is well filled, or when nothing else is there for now.
  private func isWorthSending(_ batch: Batch, _ at: Int) throws -> Bool {
    guard batch.records.count > 0 else { return false }
    return try at >= Batch.targetSize / 4 * 3 || !feed.stream.hasDataReady()
  }

  /// True if the batch has to leave: a record that is too long ends it, as its bytes are not in it.
  private func takeOversize(_ batch: Batch, _ at: inout Int, _ isRecord: Bool) throws -> Bool {
    if !isRecord && batch.records.count == 0 {
      feed.drop(at, of: batch)
      at = 0
    }
    let start = at
    let excerpt = try feed.excerpt(batch, from: start) { walker.pass($0) }
    if isRecord {
      feed.appendUnreadable(batch, from: start, reason: excerpt.reason(limit: feed.limit))
      return true
    }
    batch.bytes.truncate(to: start)
    batch.inputCount = start
    if batch.records.count > 0 { return true }
    feed.begin(batch)
    return false
  }

  private func takeRest(
    _ batch: Batch, from start: Int, reason: String, _ offset: Int
  ) throws {
    isDone = true
    if mayWait && feed.isEnded && reason == ScanFault.unexpectedEnd.reason
      && feed.stream.facts.damage == nil
    {
      pendingBytes = batch.bytes.count - start
      batch.bytes.truncate(to: start)
      batch.inputCount = start
      return
    }
    let place = "\(reason) at byte \(offset)"
    while batch.bytes.count - start <= feed.limit, try feed.more(batch) {}
    guard batch.bytes.count - start > feed.limit else {
      batch.inputCount = batch.bytes.count
      return feed.appendUnreadable(batch, from: start, reason: place)
    }
    let excerpt = try feed.excerpt(batch, from: start) { _ in nil }
    feed.appendUnreadable(batch, from: start, reason: excerpt.reason(fault: place))
  }
}
