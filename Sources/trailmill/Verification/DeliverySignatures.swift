internal import Crypto
internal import History
internal import Verify
internal import Bytes
internal import Disk
internal import Engine
internal import Intake
internal import JSONText
internal import Settings
internal import Stages
internal import Synchronization
internal import Trail

/// Checks the signatures of archived deliveries once more, years later perhaps: with the secret, and the
/// event as it was posted, which is what is archived less what trailmill has added.
struct DeliverySignatures {
  /// What became of deliveries.
  private struct Tally {
    var signed = 0
    var forged = 0
    /// The event is not byte for byte what was posted: line breaks went, or a stage altered it.
    var altered = 0
    var unsigned = 0
    /// No deliveries.
    var others = 0
    /// In parts that cannot be read.
    var unread = 0
    /// The number of the first forged record of a part, from 1.
    var firstForged: Int?

    mutating func add(_ other: Tally) {
      signed += other.signed
      forged += other.forged
      altered += other.altered
      unsigned += other.unsigned
      others += other.others
      unread += other.unread
    }
  }

  /// Longest record that is read of a part that may not be the one that was committed: 32 MiB.
  private static let longestUnchecked = 32 << 20

  private struct Secret: Sendable {
    var sha256: HMACKey
    var sha1: HMACKey
  }

  private let secrets: [Secret]

  /// Signatures that are made with one of the secrets that these variables hold.
  init(variables: [String], environment: [String: String]) throws {
    secrets = try variables.map { name in
      guard let value = environment[name], !value.isEmpty else {
        let shown = PlainName.isVariable(name) ? " \(name)" : ""
        throw UsageError("--secret-env\(shown): the variable is not set or empty: set it")
      }
      if let fault = SecretSource.fault(ofVariable: value) {
        throw UsageError("--secret-env \(name): the variable \(fault)")
      }
      return try Array(value.utf8).withUnsafeBufferPointer {
        Secret(
          sha256: try HMACKey(secret: $0, hash: .sha256),
          sha1: try HMACKey(secret: $0, hash: .sha1))
      }
    }
  }

  /// Checks the published parts and adds what was found to the report, which has looked at every byte of them
  /// if `isWhole` is true.
  func check(
    _ path: String, threads: Int, isWhole: Bool, _ report: inout VerificationReport
  ) throws {
    let verified = report
    report = try SteadyRead.of([path], Disk()) {
      var report = verified
      try look(path, threads: threads, isWhole: isWhole, &report)
      return report
    }
  }

  /// Checks the parts of the newest commit. Throws if one cannot be read, and another commit was made.
  private func look(
    _ path: String, threads: Int, isWhole: Bool, _ report: inout VerificationReport
  ) throws {
    let parts: [LiveFile]
    let root: String
    let files: LiveFiles
    let newest: Int
    do {
      let history = try ArchiveHistory(disk: Disk(), path: path)
      root = history.path
      newest = history.last
      files = try LiveFiles(history)
      parts = files.all(.part)
    } catch {
      report.notes.append("signatures of deliveries cannot be checked again: \(error)")
      return
    }
    let tallies = Mutex([Tally](repeating: Tally(), count: parts.count))
    let places = parts.map {
      (path: root + "/" + $0.row.path, records: $0.row.records, added: files.added(to: $0))
    }
    let signatures = self
    let faulty = Set(report.findings.map(\.path))
    let isAllKnown = isWhole && report.more.isEmpty
    try Parallel.forEach(parts.count, threads: threads) { index in
      var tally = Tally()
      let expected = places[index].records
      let isCommitted = isAllKnown && !faulty.contains(parts[index].row.path)
      // A part that cannot be read, or not to its end, has its finding already.
      do {
        tally = try signatures.tally(
          places[index].path, places[index].added, expecting: expected,
          longest: isCommitted ? InputSettings.largestRecord : DeliverySignatures.longestUnchecked)
      } catch {
        guard SteadyRead.newest(path, Disk()) == newest else { throw error }
        tally.unread = expected
      }
      let done = tally
      tallies.withLock { $0[index] = done }
    }
    var total = Tally()
    var missing: (path: String, first: Int, count: Int, parts: Int)?
    for (part, tally) in zip(parts, tallies.withLock { $0 }) {
      total.add(tally)
      guard let first = tally.firstForged else { continue }
      guard faulty.contains(part.row.path) else {
        // The part is as it was committed: nobody has forged anything since then.
        missing = (
          missing?.path ?? part.row.path, missing?.first ?? first,
          (missing?.count ?? 0) + tally.forged, (missing?.parts ?? 0) + 1
        )
        continue
      }
      report.findings.append(
        VerificationFinding(
          kind: .forged, path: part.row.path, expected: "signatures by the secret",
          found: "\(tally.forged) that are not, the first of record \(first)"))
    }
    if let missing {
      report.findings.append(
        VerificationFinding(
          kind: .forged, path: missing.path, expected: "signatures by a secret that was given",
          found:
            "\(missing.count) by none, in \(missing.parts)\(isWhole ? " unaltered" : "") parts, the first"
            + " of record \(missing.first): a secret is missing (give --secret-env once for each), or they"
            + " were archived unchecked"))
    }
    note(total, &report)
  }

  private func note(_ total: Tally, _ report: inout VerificationReport) {
    report.notes.append(
      "signatures of deliveries: \(total.signed) fit, \(total.forged) do not, \(total.altered) "
        + "cannot be checked again because the event is not as it was posted, \(total.unsigned) "
        + "deliveries had none, \(total.others) records are no deliveries, \(total.unread) in parts "
        + "that cannot be read")
  }

  private func tally(
    _ path: String, _ added: AddedMembers, expecting expected: Int, longest: Int
  ) throws -> Tally {
    let disk = Disk()
    var settings = InputSettings()
    settings.format = .ndjson
    settings.envelope = .never
    settings.maxRecord = longest
    var table = PointerTable()
    // Whatever the events are: only what trailmill has added is looked for.
    let reader = RecordReader(
      settings: settings, dialect: Dialect(name: "none", pointers: [:]),
      rules: RecordRules(archived: added), table: &table)
    let source = try InputSource(
      disk: disk, inputs: [path], settings: settings, digestsInputs: false, tailWaits: false)
    let batch = Batch(pointers: PointerSet(table.pointers), slotCount: Added.slotCount)
    var tally = Tally()
    var records = 0
    while try source.fill(batch) {
      reader.process(batch, step: 0)
      for index in 0..<batch.records.count {
        records += 1
        add(batch, index, number: records, &tally)
      }
      batch.clear()
    }
    tally.unread = max(0, expected - records)
    return tally
  }

  private func add(_ batch: Batch, _ index: Int, number: Int, _ tally: inout Tally) {
    let slot = batch[.delivery, index]
    guard batch.records[index].verdict == .keep, !slot.isEmpty,
      let posted = DeliveryMember.bodyDigest(batch.bytes[slot])
    else {
      tally.others += 1
      return
    }
    guard let signature = DeliveryMember.signature(batch.bytes[slot]) else {
      tally.unsigned += 1
      return
    }
    let body = batch.bytes[batch.records[index].body]
    var message = ByteBuffer(capacity: body.count + 1)
    message.append(body)
    message.append(UInt8(ascii: "}"))
    if SHA256.digest(message.view) != posted {
      tally.altered += 1
    } else if fits(signature, message.view) {
      tally.signed += 1
    } else {
      tally.forged += 1
      tally.firstForged = tally.firstForged ?? number
    }
  }

  /// True if a signature's header, such as `sha256=…`, is that of a message under one of the secrets.
  private func fits(_ header: ByteView, _ message: ByteView) -> Bool {
    guard let equals = header.firstIndex(of: UInt8(ascii: "=")),
      let hash = HMACKey.Hash(rawValue: String(decoding: header[..<equals], as: UTF8.self)),
      let tag = Hex.decode(ByteView(rebasing: header[(equals + 1)...]))
    else { return false }
    return tag.withUnsafeBufferPointer { tag in
      secrets.contains {
        (hash == .sha256 ? $0.sha256 : $0.sha1).matches(tag: tag, message: message)
      }
    }
  }
}
