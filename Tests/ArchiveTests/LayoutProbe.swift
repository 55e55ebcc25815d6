import Archive
import Bytes
import Engine
import JSONText
import TestSupport
import Testing
import Trail

/// Asks a layout where an event belongs.
struct LayoutProbe {
  let layout: BoundLayout
  private let pointers: PointerSet

  init(_ text: String) throws {
    let dialect = Dialect(
      name: "test",
      pointers: [
        .account: [try JSONPointer("/account"), try JSONPointer("/accountName")],
        .region: [try JSONPointer("/region")], .action: [try JSONPointer("/action")],
        .actor: [try JSONPointer("/actor")],
      ])
    var table = PointerTable()
    layout = try Layout(parsing: text).bind(dialect: dialect, table: &table)
    pointers = PointerSet(table.pointers)
  }

  func key(_ event: String, time: String? = nil) -> [UInt8] {
    let batch = Batch(pointers: pointers, slotCount: 0)
    batch.bytes.append(utf8: event)
    var record = Record(raw: Span32(0, count: batch.bytes.count))
    if let time {
      let parsed = withBytes(time) { Timestamp(rfc3339: $0) }
      record.time = parsed?.microseconds ?? Record.noTime
    }
    batch.append(record)
    let scan = batch.scan(0, from: 0, end: batch.bytes.count)
    #expect(scan.fault == .none)
    var key = ByteBuffer()
    layout.appendKey(batch, 0, to: &key)
    return key.bytes
  }

  func folder(_ event: String, time: String? = nil) -> String {
    key(event, time: time).withUnsafeBufferPointer { layout.folder(forKey: $0) }
  }
}
