internal import Crypto
internal import Bytes
package import Disk
package import Engine
internal import JSONText
package import Trail

/// Records that were turned away, out of quarantine files: each as it came in the first place, and with
/// where it came from.
///
/// One row is one record, whatever its bytes. Of what was too long to be held only the beginning is
/// there: it is turned away again, as if it had not been tried.
package final class QuarantineSource: Source {
  /// The files.
  package let paths: [String]
  private let inner: InputSource
  private let reader: RecordReader
  private let fields: Fields
  private let rows: Batch
  private var next = 0
  /// Rows handed out.
  private var count = 0

  private struct Fields {
    let file, record, offset, stage, reason, bytes, encoding: Int

    init(_ table: inout PointerTable) {
      file = table.slot(JSONPointer(literal: "/file"))
      record = table.slot(JSONPointer(literal: "/record"))
      offset = table.slot(JSONPointer(literal: "/offset"))
      stage = table.slot(JSONPointer(literal: "/stage"))
      reason = table.slot(JSONPointer(literal: "/reason"))
      bytes = table.slot(JSONPointer(literal: "/bytes"))
      encoding = table.slot(JSONPointer(literal: "/encoding"))
    }
  }

  /// The rows of `paths`, in that order.
  package init(disk: Disk, paths: [String], dialect: Dialect) throws {
    self.paths = paths
    var settings = InputSettings()
    settings.format = .ndjson
    settings.envelope = .never
    settings.maxRecord = InputSettings.largestRecord
    inner = try InputSource(
      disk: disk, inputs: paths, settings: settings, digestsInputs: true, tailWaits: false)
    var table = PointerTable()
    fields = Fields(&table)
    reader = RecordReader(settings: settings, dialect: dialect, table: &table)
    rows = Batch(pointers: PointerSet(table.pointers), slotCount: Added.slotCount)
  }

  /// Bytes read so far, as stored.
  package var progress: InputProgress { inner.progress }

  /// What is known about the files, after the run.
  package var facts: [InputFacts] { inner.facts }

  /// Puts the bytes of some rows into an empty batch.
  package func fill(_ batch: Batch) throws -> Bool {
    batch.isFramed = true
    while batch.records.count == 0 {
      if next == rows.records.count {
        rows.clear()
        next = 0
        guard try inner.fill(rows) else { return false }
        reader.process(rows, step: 0)
      }
      batch.input = rows.input
      while next < rows.records.count, batch.bytes.count < Batch.targetSize,
        batch.records.count < Batch.mostRecords
      {
        try append(next, to: batch)
        next += 1
      }
    }
    batch.inputCount = batch.bytes.count
    return true
  }

  /// Ends a wait for data.
  package func cancel() { inner.cancel() }

  private func append(_ row: Int, to batch: Batch) throws {
    count += 1
    let place = "\(paths[rows.input]) (row \(count) of all)"
    guard rows.records[row].verdict == .keep, let text = rows.string(fields.bytes, of: row) else {
      throw IntakeError.damagedQuarantine(place)
    }
    let start = batch.bytes.count
    if rows.string(fields.encoding, of: row) == nil {
      batch.bytes.append(rows.bytes[text])
    } else if Base64.append(decoding: rows.bytes[text], to: &batch.bytes) == nil {
      throw IntakeError.damagedQuarantine(place)
    }
    batch.append(Record(raw: Span32(start, count: batch.bytes.count - start)))
    let origin = RecordOrigin(
      file: string(fields.file, row), record: number(fields.record, row),
      offset: number(fields.offset, row), stage: string(fields.stage, row),
      reason: string(fields.reason, row))
    batch.appendOrigin(origin)
    if origin.stage == "intake", ExcerptReason(origin.reason) != nil {
      batch.reject(batch.records.count - 1, .unreadable, by: -1, origin.reason)
    }
  }

  private func string(_ field: Int, _ row: Int) -> String {
    rows.string(field, of: row).map { String(decoding: rows.bytes[$0], as: UTF8.self) } ?? ""
  }

  private func number(_ field: Int, _ row: Int) -> Int {
    guard let text = rows.scalar(field, of: row) else { return 0 }
    return Int(String(decoding: rows.bytes[text], as: UTF8.self)) ?? 0
  }
}
