internal import Bytes
package import Disk
package import Engine
internal import JSONText
internal import Trail

/// Records that were turned away, out of quarantine files: each as it came in the first place, and with
/// where it came from.
///
/// What a stage turned away is one record. What was no record is read as the settings say now, and may hold
/// many: lines that were taken for one value, or the rest of an array.
package final class QuarantineSource: Source {
  /// The files.
  package let paths: [String]
  /// Bytes read so far, as stored.
  package let progress = InputProgress()
  /// What is known about the files, after the run.
  package private(set) var facts: [InputFacts] = []
  /// Rows read.
  package private(set) var rowCount = 0

  private let disk: Disk
  private let settings: InputSettings
  private var nextFile = 0
  private var rows: QuarantineRows?
  /// A row that was read and not used.
  private var waiting: QuarantineRows.Row?
  private var split: (origin: RecordOrigin, framer: any Framer)?

  /// The rows of `paths`, in that order; `settings` says how to read what was no record.
  package init(disk: Disk, paths: [String], settings: InputSettings) {
    self.disk = disk
    self.paths = paths
    self.settings = settings
  }

  /// Puts the bytes of some rows into an empty batch.
  package func fill(_ batch: Batch) throws -> Bool {
    while !progress.isCancelled {
      if let split {
        batch.clear()
        batch.input = nextFile - 1
        if try split.framer.fill(batch) {
          batch.shareOrigin(split.origin)
          return true
        }
        self.split = nil
        batch.clear()
      }
      batch.isFramed = true
      while batch.bytes.count < Batch.targetSize, batch.records.count < Batch.mostRecords,
        let row = try row()
      {
        batch.input = nextFile - 1
        if isToBeSplit(row) {
          if batch.records.count == 0 { try begin(row) } else { waiting = row }
          break
        }
        append(row, to: batch)
      }
      if batch.records.count > 0 {
        batch.inputCount = batch.bytes.count
        return true
      }
      if split == nil && waiting == nil && rows == nil { return false }
    }
    batch.clear()
    return false
  }

  /// Ends a wait for data.
  package func cancel() { progress.cancel() }

  /// The next row of all files; nil behind the last of one while a batch holds rows of it.
  private func row() throws -> QuarantineRows.Row? {
    if let row = waiting {
      waiting = nil
      return row
    }
    while true {
      if rows == nil {
        guard nextFile < paths.count else { return nil }
        rows = try QuarantineRows(disk, paths[nextFile], progress)
        nextFile += 1
      }
      if let row = try rows?.next() {
        rowCount += 1
        return row
      }
      if let facts = try rows?.finish() { self.facts.append(facts) }
      rows = nil
    }
  }

  /// Only the beginning is there of what an earlier version could not hold.
  private func isExcerpt(_ row: QuarantineRows.Row) -> Bool {
    row.origin.stage == "intake" && ExcerptReason(row.origin.reason) != nil
  }

  private func isToBeSplit(_ row: QuarantineRows.Row) -> Bool {
    row.origin.stage == "intake" && !isExcerpt(row) && !(row.bytes?.isEmpty ?? false)
  }

  private func begin(_ row: QuarantineRows.Row) throws {
    guard let rows else { return }
    let text: any TextStream = row.bytes.map(HeldText.init) ?? RowText(rows)
    let feed = Feed(
      text, ByteBuffer(capacity: 16), at: 0, settings, tailWaits: false)
    split = (row.origin, framer(feed, isWhole: row.origin.offset == 0))
  }

  /// A row that begins where its input did may be all of that, in whatever format; any other is a piece of
  /// it.
  private func framer(_ feed: Feed, isWhole: Bool) -> any Framer {
    if let records = settings.records, isWhole {
      return WalkerFramer(
        feed, DocumentWalker(format: .concatenated, records: records, feed.limit, hold: feed.hold))
    }
    return settings.format == .ndjson
      ? LineFramer(feed) : WalkerFramer(feed, MixedWalker(feed.limit, hold: feed.hold))
  }

  private func append(_ row: QuarantineRows.Row, to batch: Batch) {
    let start = batch.bytes.count
    row.bytes?.withUnsafeBufferPointer { batch.bytes.append($0) }
    batch.append(Record(raw: Span32(start, count: batch.bytes.count - start)))
    batch.appendOrigin(row.origin)
    if isExcerpt(row) {
      batch.reject(batch.records.count - 1, .unreadable, by: -1, row.origin.reason)
    }
  }
}

/// Text that is all there.
private final class HeldText: TextStream {
  private let bytes: [UInt8]
  private var at = 0
  let isDamaged = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(into buffer: inout ByteBuffer, upTo limit: Int) -> Int {
    let count = min(limit, bytes.count - at)
    bytes.withUnsafeBufferPointer { buffer.append(ByteView(rebasing: $0[at..<at + count])) }
    at += count
    return count
  }

  func hasDataReady() -> Bool { true }
}

/// The bytes of a row that come in pieces.
private final class RowText: TextStream {
  private let rows: QuarantineRows
  let isDamaged = false

  init(_ rows: QuarantineRows) { self.rows = rows }

  func read(into buffer: inout ByteBuffer, upTo limit: Int) throws -> Int {
    let before = buffer.count
    _ = try rows.read(into: &buffer)
    return buffer.count - before
  }

  func hasDataReady() -> Bool { true }
}
