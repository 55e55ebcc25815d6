internal import Bytes
internal import Engine
internal import Trail

// What the index needs of a line goes with it to its member as a row of eight-byte words:
//
//   one word   number of terms, and in its upper half number of terms of blocks
//   terms      see `SearchTerm`
//   blocks     terms of blocks of addresses

/// Makes rows of terms of records while all that is known of them is at hand.
struct RecordTerms: ~Copyable {
  /// Nil where only the line shows what it will be found by.
  private let record: RecordEvent?
  private let event: ArchivedEvent
  private var blocks = FlatArray<UInt64>(capacity: 4)

  init(_ record: RecordEvent?, _ event: ArchivedEvent) {
    self.record = record
    self.event = event
  }

  /// Appends the row of record `index`, which will be `line`, to `rows`. Returns the time that the line says,
  /// in microseconds since 1970.
  mutating func append(
    _ batch: Batch, _ index: Int, _ line: ByteView, to rows: inout FlatArray<UInt64>
  ) -> Int64? {
    let start = rows.count
    rows.append(0)
    blocks.removeAll()
    let time: Int64?
    if let record {
      record.read(batch, index)
      time = record.time
      SearchTerm.append(record, to: &rows, blocks: &blocks)
    } else {
      time = event.read(line) ? event.time : nil
      SearchTerm.append(event, to: &rows, blocks: &blocks)
    }
    rows[start] = UInt64(rows.count - start - 1) | UInt64(blocks.count) << 32
    for block in blocks.elements { rows.append(block) }
    return time
  }
}
