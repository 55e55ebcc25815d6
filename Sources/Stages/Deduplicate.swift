internal import Crypto
package import Bytes
package import Engine
internal import JSONText
package import Settings
package import Trail

/// Drops what was delivered before.
package enum Deduplicate: StageDefinition {
  package static let manual = StageManual(
    name: "deduplicate",
    summary: "Drops records that were seen before, exactly.",
    details: [
      "Two records are the same if the SHA-256 of the event is the same (of a delivery: of its body as it is"
        + " archived; with `input.own`: without the members that trailmill adds), or, with `by`, if"
        + " the values at all these pointers are, as they are written. A record at which none of the"
        + " pointers finds anything (null and \"\" are nothing) is compared as a whole, so that none"
        + " is lost for want of an id.",
      "Into an archive, what earlier runs with this stage have written counts as seen too, whatever the"
        + " layout. It is compared by the same rule: who wants runs to know each other's records gives"
        + " them the same `by`. A whole event is looked for among those of its day, so that years of"
        + " them cost nothing; with `by`, among all.",
      "No stage that may turn records away can come after this one, nor a second one of its kind:"
        + " only what is written counts as"
        + " seen. Memory: 48 bytes at most for each different record of the run.",
    ],
    settings: [
      SettingManual(
        "by", "pointers", standard: "the whole record",
        "What identifies a record, such as [\"/id\"].")
    ],
    example: "{ stage: \"deduplicate\" }",
    reads: ["delivery"], writes: [])

  /// What it keeps counts as seen.
  package static let remembersWritten = true

  package static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    var slots: [Int] = []
    for text in try settings.strings("by", default: []) {
      slots.append(context.pointers.slot(try settings.pointer(text, of: "by")))
    }
    if !slots.isEmpty {
      context.note(
        "tells nothing of the time of an event: into an archive, each record is looked for in all files of"
          + " digests, of whatever day", about: "by", settings)
    }
    let before = context.services.seenBefore
    let seen = SeenStage(before: before, comparesWhole: slots.isEmpty)
    context.add(seen)
    let digests = DigestStage(slots: slots, before: before)
    return [.pure(digests), .ordered(seen)]
  }
}

/// What earlier runs have written, and what this one adds to it.
package protocol SeenBefore: AnyObject, Sendable {
  /// True if a record with this digest was written before. `day` is that of the event, or nil where the time
  /// does not follow from the bytes that were digested. Asked on any worker. Throws where what says so cannot
  /// be trusted.
  func contains(_ digest: Digest256, on day: EventDay?) throws -> Bool
  /// Takes note of a record that this run writes. `posted` is the digest of the bytes in which it was posted,
  /// where that is another. Told in the order of the input.
  func add(_ digest: Digest256, on day: EventDay?, posted: Digest256?) throws
}

extension StageServices {
  /// What earlier runs have written; nil where there is no archive.
  package var seenBefore: (any SeenBefore)? {
    get { self[(any SeenBefore).self] }
    set { self[(any SeenBefore).self] = newValue }
  }
}

/// Takes the digests, on any worker.
private struct DigestStage: PureStage {
  let slots: [Int]
  let before: (any SeenBefore)?

  func process(_ batch: Batch, step: Int) throws {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      if !slots.isEmpty || batch.records[index].digest < 0 {
        batch.records[index].digest = Int32(truncatingIfNeeded: batch.digests.count)
        batch.digests.append(digest(batch, index))
      }
    }
    guard let before else { return }
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let day = slots.isEmpty ? batch.day(of: index) : nil
      guard
        try before.contains(batch.digests[Int(batch.records[index].digest)], on: day)
          || slots.isEmpty && wasPosted(batch, index, day, before)
      else { continue }
      batch.records[index].verdict = .duplicate
      batch.records[index].decidedBy = Int16(truncatingIfNeeded: step)
    }
  }

  /// True if a version that knew deliveries by the bytes that were posted has written this one.
  private func wasPosted(
    _ batch: Batch, _ index: Int, _ day: EventDay?, _ before: any SeenBefore
  ) throws -> Bool {
    try batch.postedDigest(of: index).map { try before.contains($0, on: day) } ?? false
  }

  private func digest(_ batch: Batch, _ index: Int) -> Digest256 {
    if slots.contains(where: { DigestStage.identifies(batch.field($0, of: index)) }) {
      return digestOfFields(batch, index)
    }
    let identity = batch.records[index].identity
    if !identity.isEmpty { return SHA256.digest(batch.bytes[identity]) }
    var hasher = SHA256Hasher()
    hasher.update(batch.bytes[batch.records[index].body])
    hasher.update(UInt8(ascii: "}"))
    return hasher.finalize()
  }

  /// Many events have a field for an id and none in it: those are not all the same.
  private static func identifies(_ field: Field) -> Bool {
    switch field.kind {
    case .missing, .null: false
    case .string: field.count > 2
    case .number, .true, .false, .object, .array: true
    }
  }

  /// Each value with its kind and its length, so that no two lists of values read the same. The
  /// byte in front tells them from whole records, which begin with a brace.
  private func digestOfFields(_ batch: Batch, _ index: Int) -> Digest256 {
    var hasher = SHA256Hasher()
    hasher.update(UInt8(slots.count & 0x3F))
    for slot in slots {
      let field = batch.field(slot, of: index)
      hasher.update(field.kind.rawValue)
      withUnsafeBytes(of: UInt64(field.count).bigEndian) {
        hasher.update($0.bindMemory(to: UInt8.self))
      }
      if field.count > 0 { hasher.update(batch.bytes[batch.absolute(field.span, of: index)]) }
    }
    return hasher.finalize()
  }
}

extension Batch {
  /// The day of an event that is compared as a whole. Its time was read before any stage has altered it, from
  /// the bytes that identify it.
  fileprivate func day(of index: Int) -> EventDay? { EventDay(time: records[index].time) }

  /// The digest of the bytes in which a delivery was posted, where they are not those that are archived.
  fileprivate func postedDigest(of index: Int) -> Digest256? {
    let place = self[.postedDigest, index]
    return place.isEmpty ? nil : digests[Int(place.start)]
  }
}

/// Knows what was seen, in the order of the input.
final class SeenStage: OrderedStage, StageResult, Explaining {
  private var seen = DigestSet()
  private let before: (any SeenBefore)?
  /// True if a digest is that of a whole event, whose time follows from it.
  private let comparesWhole: Bool

  init(before: (any SeenBefore)? = nil, comparesWhole: Bool = true) {
    self.before = before
    self.comparesWhole = comparesWhole
  }

  func process(_ batch: Batch, step: Int) throws {
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      let place = Int(batch.records[index].digest)
      guard place >= 0 else { continue }
      let digest = batch.digests[place]
      let isNew = digest.withBytes { bytes in
        bytes.baseAddress.map { seen.insert($0) } ?? true
      }
      if isNew {
        let day = comparesWhole ? batch.day(of: index) : nil
        try before?.add(digest, on: day, posted: batch.postedDigest(of: index))
        continue
      }
      batch.records[index].verdict = .duplicate
      batch.records[index].decidedBy = Int16(truncatingIfNeeded: step)
    }
  }

  var report: [ReportLine] {
    guard seen.count > 0 else { return [] }
    let mebibytes = Double(seen.peakMemoryBytes) / 1_048_576
    let noun = seen.count == 1 ? "digest" : "digests"
    var value = "\(Figures.grouped(seen.count)) \(noun), \(SeenStage.tenths(mebibytes)) MiB"
    // The first tables outweigh a few digests: what those come to says nothing about more.
    if seen.count >= 100_000 {
      let perMillion = (mebibytes / Double(seen.count) * 1e6).rounded(.up)
      value += " (\(Int(perMillion)) MiB a million)"
    }
    return [ReportLine("deduplicate", value)]
  }

  /// `7.1`, rounded up, so that what is there is never said to be nothing.
  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded(.up))
    return "\(tenths / 10).\(tenths % 10)"
  }

  func explain(_ batch: Batch, _ index: Int) -> [String] {
    switch batch.records[index].verdict {
    case .duplicate: ["dropped: seen before"]
    case .keep: ["not seen before"]
    default: []
    }
  }
}
