internal import Bytes
internal import Engine

/// Cuts one input into batches.
protocol Framer: AnyObject {
  /// Fills an empty batch with what comes next; false if there is nothing left, and the batch is
  /// then to be cleared.
  func fill(_ batch: Batch) throws -> Bool
  /// Bytes of an incomplete end that waits for the next run.
  var pendingBytes: Int { get }
  /// How records stand in the input.
  var format: InputFormat { get }
  /// Documents in which there was nothing where records should be.
  var documentsWithoutRecords: Int { get }
}

/// The bytes of one input that are on their way into batches: those that are left over from the
/// last batch, then those of the stream.
final class Feed {
  /// Least that a read asks for: 64 KiB.
  private static let leastRead = 64 << 10

  let stream: InputStream
  /// Longest record.
  let limit: Int
  /// True if an incomplete end waits for the next run.
  let tailWaits: Bool
  private var carry: ByteBuffer
  /// Offset in the uncompressed input of the first byte in `carry`.
  private var offset: Int
  private(set) var isEnded = false

  init(
    _ stream: InputStream, _ start: consuming ByteBuffer, at offset: Int, limit: Int,
    tailWaits: Bool
  ) {
    self.stream = stream
    self.limit = limit
    self.tailWaits = tailWaits
    self.offset = offset
    carry = start
  }

  /// Puts what is left over into an empty batch.
  func begin(_ batch: Batch) {
    batch.inputOffset = offset
    batch.bytes.append(carry.view)
    carry.removeAll()
    carry.trim(keeping: Batch.targetSize)
  }

  /// Appends more to the batch; false at the end of the input.
  func more(_ batch: Batch) throws -> Bool {
    guard !isEnded else { return false }
    let wanted = max(Batch.targetSize - batch.bytes.count, Feed.leastRead)
    if try stream.read(into: &batch.bytes, upTo: wanted) == 0 { isEnded = true }
    return !isEnded
  }

  /// Forgets the first `count` bytes of a batch that holds no records yet.
  func drop(_ count: Int, of batch: Batch) {
    batch.bytes.removeFirst(count)
    batch.inputOffset += count
  }

  /// Ends the batch at `end`; what lies behind comes first in the next.
  func cut(_ batch: Batch, at end: Int) {
    keep(ByteView(rebasing: batch.bytes.view[end...]), at: batch.inputOffset + end)
    batch.bytes.truncate(to: end)
    batch.inputCount = end
  }

  /// Keeps what comes first in the next batch, and where in the input it lies.
  private func keep(_ rest: ByteView, at offset: Int) {
    carry.append(rest)
    self.offset = offset
  }

  /// Takes from the batch and the stream all bytes from `start` on up to the end that `findEnd`
  /// sees, or the end of the input, without holding more than the first 64 KiB of them: with these
  /// the batch ends. Each byte is shown to `findEnd` once.
  func excerpt(
    _ batch: Batch, from start: Int, findEnd: (ByteView) -> Int?
  ) throws -> Excerpt {
    var excerpt = Excerpt()
    let first = ByteView(rebasing: batch.bytes.view[start...])
    var end = findEnd(first)
    excerpt.add(ByteView(rebasing: first[..<(end ?? first.count)]))
    let keptEnd = start + min(end ?? first.count, Excerpt.keptBytes)
    if let end { keep(ByteView(rebasing: first[end...]), at: batch.inputOffset + start + end) }
    batch.bytes.truncate(to: keptEnd)
    var piece = ByteBuffer(capacity: 0)
    while end == nil {
      piece.removeAll()
      guard try stream.read(into: &piece, upTo: Batch.targetSize) > 0 else {
        isEnded = true
        offset = batch.inputOffset + start + excerpt.length
        break
      }
      end = findEnd(piece.view)
      excerpt.add(ByteView(rebasing: piece.view[..<(end ?? piece.count)]))
      let room = start + Excerpt.keptBytes - batch.bytes.count
      batch.bytes.append(ByteView(rebasing: piece.view[..<min(room, end ?? piece.count)]))
      if let end {
        let rest = ByteView(rebasing: piece.view[end...])
        keep(rest, at: batch.inputOffset + start + excerpt.length)
      }
    }
    batch.inputCount = batch.bytes.count
    return excerpt
  }

  /// Appends a record that cannot be read: the bytes from `start` on.
  func appendUnreadable(_ batch: Batch, from start: Int, reason: String) {
    batch.append(Record(raw: Span32(start, count: batch.bytes.count - start)))
    batch.reject(batch.records.count - 1, .unreadable, by: -1, reason)
  }
}
