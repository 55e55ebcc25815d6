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
  /// Documents with a place for records.
  var documentsWithRecords: Int { get }
  /// Bytes that hold records together, without those that batches say.
  var syntaxBytes: Int { get }
  /// Bytes of members beside the records.
  var besideBytes: Int { get }
}

/// Text that comes in pieces.
protocol TextStream: AnyObject {
  /// Appends at most `limit` bytes, at least one; 0 is the end.
  func read(into buffer: inout ByteBuffer, upTo limit: Int) throws -> Int
  /// True if `read` has something without waiting, or the end.
  func hasDataReady() throws -> Bool
  /// True if the text ended too early.
  var isDamaged: Bool { get }
}

/// The bytes of one input that are on their way into batches: those that are left over from the
/// last batch, then those of the stream.
final class Feed {
  /// Least that a read asks for: 64 KiB.
  static let leastRead = 64 << 10

  let stream: any TextStream
  /// Longest record.
  let limit: Int
  /// Bytes of an item that is no record which are held: one that is longer leaves in pieces.
  let hold: Int
  /// True if an incomplete end waits for the next run.
  let tailWaits: Bool
  private var carry: ByteBuffer
  /// Offset in the uncompressed input of the first byte in `carry`.
  private var offset: Int
  private(set) var isEnded = false

  init(
    _ stream: any TextStream, _ start: consuming ByteBuffer, at offset: Int,
    _ settings: InputSettings, tailWaits: Bool
  ) {
    self.stream = stream
    limit = settings.recordLimit
    hold = settings.heldLimit
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
}
