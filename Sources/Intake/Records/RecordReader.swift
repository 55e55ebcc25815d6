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
  private let wrapper: Wrapper?
  private let envelope: Envelope
  private let existing: ExistingMembers
  private let reserved: ReservedMembers
  /// What the body of a delivery may not have: beside what is reserved the member that is added to it.
  private let reservedInBody: ReservedMembers
  private let findsDuplicates: Bool
  private let refusesDuplicates: Bool
  private let dialect: BoundDialect
  private let secrets: SecretPlan?

  /// A reader that reserves in `table` what it looks for.
  package init(
    settings: InputSettings, dialect: Dialect, rules: RecordRules = RecordRules(),
    table: inout PointerTable
  ) {
    limit = settings.recordLimit
    hold = settings.heldLimit
    wrapper = Wrapper(settings.wrapper, &table)
    envelope = Envelope(settings, judgesSignatures: rules.judgesSignatures, &table)
    existing = ExistingMembers(rules.existing, &table)
    reserved = ReservedMembers(
      rules.reserved, rules.names, isOwnOutput: !rules.existing.roles.isEmpty, &table)
    reservedInBody = ReservedMembers(
      rules.reserved.union([.delivery]), rules.names, isOwnOutput: false, &table)
    findsDuplicates = rules.findsDuplicates
    refusesDuplicates = rules.refusesDuplicates
    secrets = rules.secrets
    self.dialect = dialect.bind(&table)
  }

  /// Appends the records of the batch's lines, or reads those that the source has framed.
  package func process(_ batch: Batch, step: Int) {
    guard batch.isFramed else { return readLines(batch) }
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let raw = batch.records[index].raw
      let scan = batch.scan(
        index, from: Int(raw.start), end: raw.end, findsDuplicates: findsDuplicates)
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
      while start < lineEnd && base[start].isSpaceInLine {
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
      let scan = batch.scan(index, from: at, end: end, findsDuplicates: findsDuplicates)
      if let reason = scan.reasonForNoEvent(from: start) {
        batch.truncate(to: first)
        batch.syntaxBytes += start - lineStart + lineEnd - end
        return refuse(batch, start, end, reason)
      }
      accept(batch, index, scan)
      at = scan.end
      while at < end && batch.bytes.base[at].isSpaceInLine {
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
        let scan = batch.scan(
          index, from: Int(raw.start), end: raw.end, findsDuplicates: findsDuplicates)
        accept(batch, index, scan)
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
    if let wrapper { return unwrap(batch, index, scan, wrapper) }
    acceptEvent(batch, index, scan)
  }

  /// Goes on with what a log service has wrapped.
  @inline(never)
  private func unwrap(_ batch: Batch, _ index: Int, _ outer: Scan, _ wrapper: Wrapper) {
    envelope.readTime(batch, index)
    guard let text = wrapper.content(batch, index) else { return }
    let scan = batch.scan(
      index, from: Int(text.start), end: text.end, findsDuplicates: findsDuplicates)
    if let reason = scan.reasonForNoEvent(from: Int(text.start)) {
      return wrapper.refuse(batch, index, "is no record: \(reason)")
    }
    let rest = batch.bytes[Span32(scan.end, count: text.end - scan.end)]
    guard Scanner.skipWhitespace(rest, from: 0) == rest.count else {
      return wrapper.refuse(batch, index, "is no record: \(ScanFault.trailingBytes.reason)")
    }
    setBody(batch, index, scan)
    acceptEvent(batch, index, scan)
    // The signature of a delivery comes first: what is wrong with the wrapper is told of what is left.
    if batch.records[index].verdict == .keep, outer.duplicate != nil {
      _ = refuseDuplicate(batch, index, outer)
    }
  }

  @inline(__always) private func acceptEvent(_ batch: Batch, _ index: Int, _ scan: Scan) {
    if envelope.isEnvelope(batch, index) { return acceptDelivery(batch, index, scan) }
    if scan.duplicate != nil, refuseDuplicate(batch, index, scan) { return }
    if existing.cut(batch, index), scan.duplicate != nil { scanCut(batch, index) }
    if let role = reserved.first(batch, index) {
      return batch.reject(index, .unreadable, by: -1, reserved.reason(role))
    }
    setTime(batch, index)
  }

  /// Turns a record away in which a member is there twice; false where such records are kept. Offsets in the
  /// reason count from the record's first byte.
  @inline(never) private func refuseDuplicate(_ batch: Batch, _ index: Int, _ scan: Scan) -> Bool {
    guard refusesDuplicates, let reason = batch.reasonForDuplicate(scan, hiding: secrets)
    else { return false }
    batch.reject(index, .unreadable, by: -1, reason)
    return true
  }

  /// Locates again what is left of an event: of a member that was there twice the first one may be.
  @inline(never) private func scanCut(_ batch: Batch, _ index: Int) {
    let body = batch.records[index].body
    let start = batch.bytes.count
    batch.bytes.appendOwn(body)
    batch.bytes.append(UInt8(ascii: "}"))
    _ = batch.scan(index, from: start, end: batch.bytes.count)
    batch.records[index].body = Span32(start, count: Int(body.count))
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

  /// The body of a delivery is never cut: all of it is the vendor's. It is opened whatever is wrong with the
  /// envelope or the body, so that its signature can be judged: without a valid one nobody may stop a run.
  private func acceptDelivery(_ batch: Batch, _ index: Int, _ outer: Scan) {
    guard let body = envelope.open(batch, index) else { return }
    if outer.duplicate != nil, refuseDuplicate(batch, index, outer) { return }
    let scan = batch.scan(
      index, from: Int(body.start), end: body.end, findsDuplicates: findsDuplicates)
    if let reason = reasonAgainst(scan, body, batch) {
      return batch.reject(index, .unreadable, by: -1, "the body of the delivery: \(reason)")
    }
    setBody(batch, index, scan)
    if let role = reservedInBody.first(batch, index) {
      return batch.reject(
        index, .unreadable, by: -1, "the body of the delivery: \(reservedInBody.reason(role))")
    }
    envelope.identify(batch, index, posted: body)
    setTime(batch, index)
  }

  /// Why the body of a delivery is no event; nil if it is one.
  @inline(__always) private func reasonAgainst(
    _ scan: Scan, _ body: Span32, _ batch: Batch
  ) -> String? {
    if let reason = scan.reasonForNoEvent(from: Int(body.start)) { return reason }
    let rest = batch.bytes[Span32(scan.end, count: body.end - scan.end)]
    guard Scanner.skipWhitespace(rest, from: 0) == rest.count else {
      return ScanFault.trailingBytes.reason
    }
    guard refusesDuplicates, scan.duplicate != nil else { return nil }
    return batch.reasonForDuplicate(scan, from: Int(body.start), hiding: secrets)
  }
}

extension Batch {
  /// Bytes of a name that a reason quotes at most: 64.
  private static let quotedName = 64
  /// Bytes of a name that are looked at for that.
  private static let readName = 4096

  /// What is wrong with a value in which an object has a member twice; nil if none has. Offsets count from
  /// `start`, or else from the value's first byte. Of its name what `secrets` finds is not shown.
  @inline(never) func reasonForDuplicate(
    _ scan: Scan, from start: Int? = nil, hiding secrets: SecretPlan?
  ) -> String? {
    guard let name = scan.duplicate else { return nil }
    let beginning = ByteView(rebasing: bytes[name].prefix(Batch.readName))
    let isCutOff = beginning.count < Int(name.count)
    let text = secrets?.strip(beginning, isCutOff: isCutOff) ?? Array(beginning)
    var end = min(text.count, Batch.quotedName)
    // Never within a character.
    while end > 0, end < text.count, text[end] & 0xC0 == 0x80 { end -= 1 }
    let quoted = String(decoding: text[..<end], as: UTF8.self) + (end < text.count ? "…" : "")
    let place = Int(name.start) - 1 - (start ?? scan.start)
    return "an object has the member \"\(quoted)\" twice, again at byte \(place): "
      + "readers differ in which they take (input.duplicate_members: \"keep\" lets it pass)"
  }
}
