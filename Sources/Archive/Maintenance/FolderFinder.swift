internal import Bytes
internal import Engine
internal import History
internal import JSONText
internal import Trail

/// Tells where archived events lie under a layout. For one worker.
final class FolderFinder {
  private let layout: BoundLayout
  private let dialect: BoundDialect
  private let batch: Batch
  /// The key of the last event's partition.
  private(set) var key = ByteBuffer(capacity: 128)
  /// The hour of the last event, counted from 1970; `Int64.max` without a usable time.
  private(set) var hour = Int64.max

  init(_ layout: Layout, _ dialect: Dialect) {
    var table = PointerTable()
    self.layout = layout.bind(dialect: dialect, table: &table)
    self.dialect = dialect.bind(&table)
    batch = Batch(pointers: PointerSet(table.pointers), slotCount: 0)
  }

  /// Looks at an event; false if the line is none.
  func look(at line: ByteView) -> Bool {
    batch.clear()
    batch.bytes.append(line)
    batch.append(Record(raw: Span32(0, count: line.count)))
    let scan = batch.scan(0, from: 0, end: line.count)
    guard scan.fault == .none, scan.kind == .object else { return false }
    let time = dialect.time(batch, 0)
    batch.records[0].time = time?.microseconds ?? Record.noTime
    hour = time.map { $0.microseconds.flooredQuotient(by: 3_600_000_000) } ?? .max
    key.removeAll()
    layout.appendKey(batch, 0, to: &key)
    return true
  }

  /// The folder of the partition with a key.
  func folder(forKey key: ByteView) -> String { layout.folder(forKey: key) }
}

extension Int64 {
  /// The quotient, rounded down.
  fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
