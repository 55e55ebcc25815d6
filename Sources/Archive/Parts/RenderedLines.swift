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
  /// The hash of that key.
  var hash: UInt32
  /// Between which times it is: as the run knows it, and as the line says it. A stage can have altered the
  /// event: both count, so that neither a window of time nor a search rules out what it should not.
  var times: EventTimes
  /// Its row of terms, in `RenderedLines.terms`.
  var terms: Span32
}

extension Record {
  /// The time that the run knows; nil if there is none.
  fileprivate var knownTime: Int64? { time == Record.noTime ? nil : time }
}

/// The output text of a batch, in the order of its records.
struct RenderedLines: ~Copyable {
  var text = ByteBuffer(capacity: Batch.targetSize)
  var keys = ByteBuffer(capacity: 4096)
  var lines = FlatArray<RenderedLine>(capacity: 4096)
  /// Rows of `RecordTerms`.
  var terms = FlatArray<UInt64>(capacity: 4096)

  /// Forgets the last batch; gives back what one huge record had needed.
  mutating func removeAll() {
    text.removeAll()
    text.trim(keeping: Batch.targetSize * 4)
    keys.removeAll()
    keys.trim(keeping: Batch.targetSize)
    lines.removeAll()
    terms.removeAll()
    terms.trim(keeping: Batch.targetSize / 8)
  }

  /// The row of terms of a line.
  func terms(of line: RenderedLine) -> ByteView {
    let row = UnsafeRawBufferPointer(
      rebasing: UnsafeRawBufferPointer(terms.elements)[
        Int(line.terms.start) * 8..<line.terms.end * 8])
    return row.bindMemory(to: UInt8.self)
  }

  /// Appends the event of a record as a line; `appendKey` appends the key of its partition.
  mutating func append(
    _ batch: Batch, _ index: Int, _ added: Added, _ finder: inout RecordTerms,
    appendKey: (Batch, Int, inout ByteBuffer) throws -> Void
  ) rethrows {
    let start = text.count
    added.append(batch, index, to: &text)
    let row = terms.count
    let own = finder.append(
      batch, index, ByteView(rebasing: text.view[start...]), to: &terms)
    var times = EventTimes()
    times.add(batch.records[index].knownTime)
    times.add(own)
    text.append(UInt8(ascii: "\n"))
    let key = keys.count
    try appendKey(batch, index, &keys)
    var line = RenderedLine(
      start: UInt32(start), count: UInt32(text.count - start),
      key: Span32(key, count: keys.count - key), hash: 0, times: times,
      terms: Span32(row, count: terms.count - row))
    shareOrHashKey(&line)
    lines.append(line)
  }

  /// Neighbours often share their partition, and then their key. Hashing here keeps it out of what
  /// only one worker can do at a time.
  private mutating func shareOrHashKey(_ line: inout RenderedLine) {
    if lines.count > 0 {
      let last = lines[lines.count - 1]
      if last.key.count == line.key.count, keys[last.key].elementsEqual(keys[line.key]) {
        keys.truncate(to: Int(line.key.start))
        line.key = last.key
        line.hash = last.hash
        return
      }
    }
    line.hash = ByteKeys.hash(of: keys[line.key])
  }
}
