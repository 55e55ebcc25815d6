internal import Crypto
package import Engine
internal import Bytes
internal import JSONText
package import Settings
internal import Trail

/// Turns away deliveries whose signature does not prove that the sender knew the secret.
package enum VerifySignature: StageDefinition {
  /// What becomes of records that came without an envelope, and so without a signature.
  enum Unsigned: String, CaseIterable {
    case quarantine, pass, drop
  }

  package static let manual = StageManual(
    name: "verify_signature",
    summary: "Turns away deliveries whose HMAC signature does not fit.",
    details: [
      "Every object with members `headers` and `body` is a delivery in an envelope. Its signature is judged"
        + " before its body is read: one that does not fit is refused, whatever the body is.",
      "`X-Signature-256` decides where it is present. SHA-1 alone is refused unless the definition"
        + " accepts it, and so is an envelope without a signature.",
      "Several secrets serve a rotation: one that fits is enough. A secret with a window counts"
        + " only for deliveries whose `received_at` lies within it.",
    ],
    settings: [
      SettingManual(
        "secrets", "objects { env, file, valid_from, valid_to }", standard: nil,
        "Where the secrets are: in an environment variable or a file, never in the definition."
          + " `valid_from` and `valid_to` (exclusive) are times."),
      SettingManual(
        "unsigned", "\"quarantine\", \"pass\" or \"drop\"", standard: "\"quarantine\"",
        "What becomes of records that came without an envelope."),
      SettingManual(
        "accept_sha1", "true or false", standard: "false",
        "Whether `X-Signature` counts where `X-Signature-256` is missing."),
    ],
    example: "{ stage: \"verify_signature\", secrets: [{ env: \"AUDIT_WEBHOOK_SECRET\" }] }",
    reads: ["delivery"], writes: [])

  /// Forgeries go to the quarantine.
  package static let mayTurnAway = true
  package static let judgesSignatures = true

  package static func make(_ settings: Settings, _ context: inout StageContext) throws -> [Step] {
    settings.hideValues()
    var secrets: [Secret] = []
    for entry in try settings.objects("secrets") {
      secrets.append(try secret(entry, context))
    }
    guard !secrets.isEmpty else {
      throw settings.error("secrets", "needs at least one secret: [{ env: \"NAME\" }]")
    }
    return [
      .pure(
        SignatureStage(
          secrets: secrets, acceptsSHA1: try settings.bool("accept_sha1", default: false),
          unsigned: try settings.choice("unsigned", default: Unsigned.quarantine)))
    ]
  }

  private static func secret(_ settings: Settings, _ context: StageContext) throws -> Secret {
    let bytes = try context.secret(settings)
    let from = try settings.time("valid_from")?.microseconds
    let to = try settings.time("valid_to")?.microseconds
    guard from ?? .min < to ?? .max else {
      throw settings.error("valid_to", "must be after \"valid_from\"")
    }
    return try bytes.withUnsafeBufferPointer { bytes in
      Secret(
        sha256: try HMACKey(secret: bytes, hash: .sha256),
        sha1: try HMACKey(secret: bytes, hash: .sha1),
        window: from == nil && to == nil ? nil : (from ?? .min)..<(to ?? .max))
    }
  }
}

private struct Secret: Sendable {
  let sha256: HMACKey
  let sha1: HMACKey
  let window: Range<Int64>?

  func holds(at time: Int64?) -> Bool {
    guard let window else { return true }
    return time.map { window.contains($0) } ?? false
  }
}

private struct SignatureStage: PureStage, Explaining {
  let secrets: [Secret]
  let acceptsSHA1: Bool
  let unsigned: VerifySignature.Unsigned

  func process(_ batch: Batch, step: Int) {
    for index in 0..<batch.records.count {
      let record = batch.records[index]
      // Also a delivery that the intake could not read: who does not know the secret can send anything.
      let isUnread = record.verdict == .unreadable && record.decidedBy < 0
      guard record.verdict == .keep || isUnread && record.isDelivery else { continue }
      if !record.isDelivery {
        handleUnsigned(batch, index, step)
      } else if let reason = fault(batch, index) {
        batch.reject(index, .refused, by: step, reason)
      }
    }
  }

  private func handleUnsigned(_ batch: Batch, _ index: Int, _ step: Int) {
    switch unsigned {
    case .pass: return
    case .drop:
      batch.filter(index, by: step)
    case .quarantine: batch.reject(index, .refused, by: step, "no envelope, so no signature")
    }
  }

  /// Why the delivery is to be turned away; nil if its signature fits.
  private func fault(_ batch: Batch, _ index: Int) -> String? {
    // Only what follows told that it is a record: its bytes could be part of what somebody else sent.
    if batch.records[index].isResumed {
      return "the delivery comes behind bytes that cannot be read, and does not count as signed"
    }
    let strong = batch[.signature256, index]
    let weak = batch[.signature1, index]
    if strong.isEmpty && weak.isEmpty { return "the delivery has no signature" }
    if strong.isEmpty && !acceptsSHA1 { return "the delivery has only a SHA-1 signature" }
    // A body that could not be taken out of its envelope has no digest, and no signature fits it.
    if batch.records[index].digest < 0 { return "the signature does not fit" }
    let message = batch[.posted, index]
    let header = batch.bytes[strong.isEmpty ? weak : strong]
    let hash = strong.isEmpty ? HMACKey.Hash.sha1 : .sha256
    return withTag(header, hash) { tag in
      guard let tag else { return "the signature is malformed" }
      return fault(tag, hash, batch.bytes[message], receivedAt(batch, index))
    }
  }

  /// As above, of a signature with this tag; `time` is when the delivery was received.
  private func fault(
    _ tag: ByteView, _ hash: HMACKey.Hash, _ message: ByteView, _ time: Int64?
  ) -> String? {
    func fits(_ secret: Secret) -> Bool {
      (hash == .sha256 ? secret.sha256 : secret.sha1).matches(tag: tag, message: message)
    }
    for secret in secrets where secret.holds(at: time) {
      if fits(secret) { return nil }
    }
    for secret in secrets where !secret.holds(at: time) {
      guard fits(secret) else { continue }
      return time == nil
        ? "the signature fits a secret with a window, but the delivery has no received_at that can be read"
        : "the signature fits a secret that does not count at the delivery's received_at"
    }
    return "the signature does not fit"
  }

  /// Hands `body` the tag that the header gives, `sha256=` or `sha1=` and lower-case hexadecimal
  /// digits, neither more nor fewer than the hash has; else nil.
  private func withTag<Result>(
    _ header: ByteView, _ hash: HMACKey.Hash, _ body: (ByteView?) -> Result
  ) -> Result {
    let prefix: StaticString = hash == .sha256 ? "sha256=" : "sha1="
    let start = prefix.utf8CodeUnitCount
    let expected = ByteView(start: prefix.utf8Start, count: start)
    guard header.count == start + hash.tagLength * 2, header.starts(with: expected) else {
      return body(nil)
    }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: hash.tagLength) { tag in
      for at in 0..<hash.tagLength {
        guard let high = lowerCaseDigit(header[start + at * 2]),
          let low = lowerCaseDigit(header[start + at * 2 + 1])
        else { return body(nil) }
        tag[at] = high << 4 | low
      }
      return body(ByteView(tag))
    }
  }

  private func lowerCaseDigit(_ byte: UInt8) -> UInt8? {
    (0x41...0x46).contains(byte) ? nil : Hex.digit(byte)
  }

  /// When the delivery was received, in microseconds since 1970.
  private func receivedAt(_ batch: Batch, _ index: Int) -> Int64? {
    let value = batch.bytes[batch[.receivedAt, index]]
    guard value.first == UInt8(ascii: "\""), value.count >= 2 else {
      return Timestamp(number: value)?.microseconds
    }
    let content = ByteView(rebasing: value[1..<value.count - 1])
    guard content.contains(UInt8(ascii: "\\")) else {
      return Timestamp(text: content)?.microseconds
    }
    var text = ByteBuffer(capacity: content.count)
    JSONString.unescape(content, into: &text)
    return Timestamp(text: text.view)?.microseconds
  }

  func explain(_ batch: Batch, _ index: Int) -> [String] {
    switch (batch.records[index].verdict, batch.records[index].isDelivery) {
    case (.keep, true): ["the signature fits"]
    case (.keep, false): ["no envelope, so no signature: passed on"]
    case (.filtered, _): ["filtered: no envelope, so no signature"]
    default: []
    }
  }
}
