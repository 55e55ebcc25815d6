internal import Platform

internal import Bytes
package import Engine
package import JSONText
package import Trail

/// Makes records of input: finds the lines, scans each once, opens envelopes, reads the time.
///
/// This is the first step of every plan and where most of a run's time goes beside compression; on
/// the ordinary way nothing is copied and nothing allocated.
package struct RecordReader: PureStage {
  private let limit: Int
  private let hold: Int
  private let policy: EnvelopePolicy
  private let envelope: Envelope
  private let existing: ExistingMembers
  private let dialect: BoundDialect

  /// A reader that reserves in `table` what it looks for.
  package init(
    settings: InputSettings, dialect: Dialect, table: inout PointerTable
  ) {
    limit = settings.recordLimit
    hold = settings.heldLimit
    policy = settings.envelope
    envelope = Envelope(&table)
    existing = ExistingMembers(&table)
    self.dialect = dialect.bind(&table)
  }

  /// Appends the records of the batch's lines, or reads those that the source has framed.
  package func process(_ batch: Batch, step: Int) {
    guard batch.isFramed else { return readLines(batch) }
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let raw = batch.records[index].raw
      let scan = batch.scan(index, from: Int(raw.start), end: raw.end)
      if let reason = scan.reasonForNoEvent(from: Int(raw.start)) {
        batch.reject(index, .unreadable, by: -1, reason)
      } else if scan.end != raw.end,
        Scanner.skipWhitespace(batch.bytes[raw], from: scan.end - Int(raw.start)) < raw.count
      {
        batch.reject(index, .unreadable, by: -1, ScanFault.trailingBytes.reason)
      } else {
        accept(batch, index, scan)
      }
    }
  }

  // MARK: Lines

  private func readLines(_ batch: Batch) {
    var start = 0
    let end = batch.inputCount
    while start < end {
      // The memory may have moved: look again where it is.
      let base = batch.bytes.base
      let found = memchr(base + start, 0x0A, end - start)
      let lineEnd = found.map { UnsafeRawPointer(base).distance(to: UnsafeRawPointer($0)) } ?? end
      while start < lineEnd && LineFramer.isSpace(base[start]) {
        start += 1
        batch.syntaxBytes += 1
      }
      if start < lineEnd && base[start] == 0 { passZeros(batch, &start, lineEnd) }
      if LineFramer.length(batch.bytes.base, start, lineEnd) > limit {
        refuseOversize(batch, start, lineEnd)
      } else {
        readLine(batch, start, lineEnd)
      }
      if found != nil { batch.syntaxBytes += 1 }
      start = lineEnd + 1
    }
  }

  @inline(__always) private func readLine(_ batch: Batch, _ lineStart: Int, _ lineEnd: Int) {
    let base = batch.bytes.base
    var at = lineStart
    var end = lineEnd
    LineFramer.trim(base, &at, &end)
    let start = at
    let first = batch.records.count
    var syntaxBytes = start - lineStart + lineEnd - end
    while at < end {
      let index = batch.records.count
      batch.append(Record(raw: Span32(at, count: end - at)))
      let scan = batch.scan(index, from: at, end: end)
      if let reason = scan.reasonForNoEvent(from: start) {
        batch.truncate(to: first)
        batch.syntaxBytes += start - lineStart + lineEnd - end
        return refuse(batch, start, end, reason)
      }
      accept(batch, index, scan)
      at = scan.end
      while at < end && LineFramer.isSpace(batch.bytes.base[at]) {
        at += 1
        syntaxBytes += 1
      }
    }
    batch.syntaxBytes += syntaxBytes
  }

  /// A line that is not records and nothing else.
  @inline(never)
  private func refuse(_ batch: Batch, _ start: Int, _ end: Int, _ reason: String) {
    guard batch.lineRule == .values else {
      batch.append(Record(raw: Span32(start, count: end - start)))
      return batch.reject(batch.records.count - 1, .unreadable, by: -1, reason)
    }
    let (items, syntaxBytes) = MixedWalker.items(
      of: batch.bytes[Span32(start, count: end - start)], limit: limit, hold: hold)
    batch.syntaxBytes += syntaxBytes
    for item in items {
      let index = batch.records.count
      let raw = Span32(start + item.start, count: item.count)
      batch.append(Record(raw: raw))
      if let reason = item.reason {
        batch.reject(index, .unreadable, by: -1, reason)
      } else {
        batch.records[index].isResumed = item.isResumed
        accept(batch, index, batch.scan(index, from: Int(raw.start), end: raw.end))
      }
    }
  }

  /// Zeros that come before a line.
  private func passZeros(_ batch: Batch, _ start: inout Int, _ end: Int) {
    let line = batch.bytes[Span32(start, count: end - start)]
    let count = NullBytes.reach(line, isEnd: true).count
    batch.append(Record(raw: Span32(start, count: count)))
    batch.reject(batch.records.count - 1, .unreadable, by: -1, NullBytes.reason)
    start += count
  }

  private func refuseOversize(_ batch: Batch, _ start: Int, _ end: Int) {
    batch.append(Record(raw: Span32(start, count: end - start)))
    batch.reject(
      batch.records.count - 1, .unreadable, by: -1, "longer than max_record (\(limit) bytes)")
  }

  // MARK: Records

  /// Sets the places of record `index`, whose value was scanned and is an object.
  @inline(__always) private func accept(_ batch: Batch, _ index: Int, _ scan: Scan) {
    batch.records[index].raw = Span32(scan.start, count: scan.end - scan.start)
    setBody(batch, index, scan)
    if policy != .never {
      if envelope.isEnvelope(batch, index) { return acceptDelivery(batch, index) }
      if policy == .always {
        return batch.reject(
          index, .unreadable, by: -1, "no delivery: an object headers and a string body are missing"
        )
      }
    }
    existing.cut(batch, index)
    setTime(batch, index)
  }

  /// Line breaks between tokens are taken out: what goes on is one line.
  @inline(__always) private func setBody(_ batch: Batch, _ index: Int, _ scan: Scan) {
    var scan = scan
    if scan.hasLineBreaks {
      let text = batch.withoutLineBreaks(Span32(scan.start, count: scan.end - scan.start))
      scan = batch.scan(index, from: Int(text.start), end: text.end)
    }
    batch.records[index].body = Span32(scan.start, count: scan.end - scan.start - 1)
    batch.records[index].isEmpty = scan.isEmptyObject
  }

  @inline(__always) private func setTime(_ batch: Batch, _ index: Int) {
    if let time = dialect.time(batch, index) { batch.records[index].time = time.microseconds }
  }

  /// The body of a delivery is never cut: all of it is the vendor's.
  private func acceptDelivery(_ batch: Batch, _ index: Int) {
    guard let body = envelope.open(batch, index) else { return }
    let scan = batch.scan(index, from: Int(body.start), end: body.end)
    if let reason = scan.reasonForNoEvent(from: Int(body.start)) {
      return batch.reject(index, .unreadable, by: -1, "the body of the delivery: \(reason)")
    }
    let rest = batch.bytes[Span32(scan.end, count: body.end - scan.end)]
    guard Scanner.skipWhitespace(rest, from: 0) == rest.count else {
      return batch.reject(
        index, .unreadable, by: -1,
        "the body of the delivery: \(ScanFault.trailingBytes.reason)")
    }
    setBody(batch, index, scan)
    setTime(batch, index)
  }
}
