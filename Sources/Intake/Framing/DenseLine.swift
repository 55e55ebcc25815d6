internal import Bytes
internal import Engine
internal import JSONText

// A line may hold several records, and so a line of 16 MiB may hold eight million of two bytes each.
// A batch cannot: beside its text every record takes some room for what is known of it. Lines are
// taken apart by the record reader, on any thread, when the batch is made already; so the framer has
// to know beforehand that there will not be too many.
//
// It need not count records. Each ends with a brace, and a line with anything else on it is one item
// of the quarantine: closing braces and line feeds together are never fewer than the records. Where
// these are too many for a batch, the batch ends at an earlier line. Where those of one line alone
// are, which means either a huge nested object or many small ones, the line is scanned here: if it
// is many, it leaves in several batches.

/// How many records lines hold at most.
enum RecordBound {
  /// End of the last of `lines` up to which they surely hold no more records than a batch takes; 0
  /// if the first line may hold more.
  static func fittingEnd(_ lines: ByteView) -> Int {
    let ends = lines.total { ($0 == UInt8(ascii: "}") ? 1 : 0) &+ ($0 == 0x0A ? 1 : 0) }
    if ends < Batch.mostRecords { return lines.count }
    var bound = 0
    var end = 0
    for at in 0..<lines.count {
      let byte = lines[at]
      guard byte == UInt8(ascii: "}") || byte == 0x0A else { continue }
      bound += 1
      if bound > Batch.mostRecords { return end }
      if byte == 0x0A { end = at + 1 }
    }
    return lines.count
  }
}

/// A line that may hold more records than a batch takes.
final class DenseLine {
  private let scanner = Scanner(PointerSet([]))
  private var text = ByteBuffer(capacity: 16)
  private var offset = 0
  private var at = 0

  /// Looks at the line, without its end, that is all of `batch`. True if it holds so many records
  /// that they have to be taken from here with `fill`; else the batch is ready to leave.
  func take(_ batch: Batch, from start: Int, to end: Int) -> Bool {
    var count = 0
    var next = start
    while next < end {
      let scan = scan(batch.bytes.view, from: next, to: end)
      if let reason = scan.reasonForNoEvent(from: start) {
        batch.isFramed = true
        batch.append(Record(raw: Span32(start, count: end - start)))
        batch.syntaxBytes = batch.inputCount - (end - start)
        batch.reject(0, .unreadable, by: -1, reason)
        return false
      }
      count += 1
      next = Scanner.skipWhitespace(batch.bytes.view, from: scan.end)
    }
    guard count > Batch.mostRecords else { return false }
    text.append(ByteView(rebasing: batch.bytes.view[start..<end]))
    offset = batch.inputOffset + start
    return true
  }

  /// Fills an empty batch with the next records; false if none are left.
  func fill(_ batch: Batch) -> Bool {
    guard at < text.count else { return false }
    batch.isFramed = true
    batch.inputOffset = offset + at
    let start = at
    while at < text.count && batch.records.count < Batch.mostRecords
      && at - start < Batch.targetSize
    {
      let scan = scan(text.view, from: at, to: text.count)
      batch.append(Record(raw: Span32(scan.start - start, count: scan.end - scan.start)))
      at = Scanner.skipWhitespace(text.view, from: scan.end)
      batch.syntaxBytes += at - scan.end
    }
    batch.bytes.append(ByteView(rebasing: text.view[start..<at]))
    batch.inputCount = batch.bytes.count
    return true
  }

  private func scan(_ text: ByteView, from start: Int, to end: Int) -> Scan {
    withUnsafeTemporaryAllocation(of: Field.self, capacity: 1) {
      scanner.scan(
        ByteView(rebasing: text[..<end]), from: start, fields: $0.baseAddress.unsafelyUnwrapped)
    }
  }
}
