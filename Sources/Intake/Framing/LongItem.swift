internal import Bytes
internal import Engine

/// An item that is no record and too long to be held: it leaves in pieces, one a batch.
struct LongItem {
  /// Bytes of a piece at most: 1 MiB less one, so that base64 of the pieces is that of the whole.
  static let longestPiece = (1 << 20) - 1

  /// Why it is no record.
  let reason: String
  private var isBegun = false
  private var start = 0

  init(reason: String) { self.reason = reason }

  /// Puts the next piece into a batch that begins with it; true if the item ends there. `reach` says how
  /// far it reaches, `release` is told what is gone.
  mutating func fill(
    _ batch: Batch, _ feed: Feed, reach: (ByteView, Bool) -> Reach, release: (Int, Bool) -> Void
  ) throws -> Bool {
    batch.isFramed = true
    while true {
      let reach = reach(batch.bytes.view, feed.isEnded)
      let isLast = reach.isEnd && reach.count <= LongItem.longestPiece
      let most = min(reach.count, LongItem.longestPiece)
      let count = isLast ? reach.count : most - most % 3
      guard isLast || reach.isEnd || count >= Feed.leastRead else {
        _ = try feed.more(batch)
        continue
      }
      put(batch, count, isLast, isResumed: isLast && reach.isResumed)
      release(count, isLast)
      feed.cut(batch, at: count)
      return isLast
    }
  }

  private mutating func put(_ batch: Batch, _ count: Int, _ isLast: Bool, isResumed: Bool) {
    let piece = Span32(0, count: count)
    if !isBegun { start = batch.inputOffset }
    if isBegun {
      batch.longItem = LongItemPiece(
        place: .later(piece), start: start, isLast: isLast, isResumed: isResumed)
    } else {
      batch.append(Record(raw: piece))
      batch.reject(batch.records.count - 1, .unreadable, by: -1, reason)
      batch.longItem = LongItemPiece(
        place: .lastRecord, start: start, isLast: isLast, isResumed: isResumed)
    }
    isBegun = true
  }
}
