internal import Bytes
internal import Engine
internal import Trail

/// Where one line of output lies, and what the assembler must know about it.
struct RenderedLine: BitwiseCopyable {
  /// The line with its line feed, in `RenderedLines.text`.
  var start: UInt32
  var count: UInt32
  /// The key of its partition, in `RenderedLines.keys`.
  var key: Span32
  /// The event's own time; `Record.noTime` if it has none.
  var time: Int64
}

/// The output text of a batch, in the order of its records.
struct RenderedLines: ~Copyable {
  var text = ByteBuffer(capacity: Batch.targetSize)
  var keys = ByteBuffer(capacity: 4096)
  var lines = FlatArray<RenderedLine>(capacity: 4096)

  /// Forgets the last batch; gives back what one huge record had needed.
  mutating func removeAll() {
    text.removeAll()
    text.trim(keeping: Batch.targetSize * 4)
    keys.removeAll()
    keys.trim(keeping: Batch.targetSize)
    lines.removeAll()
  }

  /// Appends the event of a record as a line; `appendKey` appends the key of its partition.
  mutating func append(
    _ batch: Batch, _ index: Int, appendKey: (Batch, Int, inout ByteBuffer) throws -> Void
  ) rethrows {
    let start = text.count
    Added.append(batch, index, to: &text)
    text.append(UInt8(ascii: "\n"))
    let key = keys.count
    try appendKey(batch, index, &keys)
    let line = RenderedLine(
      start: UInt32(start), count: UInt32(text.count - start),
      key: sharedKey(Span32(key, count: keys.count - key)), time: batch.records[index].time)
    lines.append(line)
  }

  /// The key of the line before, if it is the same: neighbours often share their partition.
  private mutating func sharedKey(_ key: Span32) -> Span32 {
    guard lines.count > 0 else { return key }
    let last = lines[lines.count - 1].key
    guard last.count == key.count, keys[last].elementsEqual(keys[key]) else { return key }
    keys.truncate(to: Int(key.start))
    return last
  }
}
