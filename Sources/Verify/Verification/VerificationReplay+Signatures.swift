internal import Crypto
internal import History
internal import Bytes

extension VerificationReplay {
  /// Looks at the signature of a header; nil stands for one that is lost.
  mutating func takeSignature(
    _ sequence: Int, _ header: ManifestHeader?, _ text: [UInt8]
  ) throws {
    let path = ManifestNames.signaturePath(sequence)
    let signature = try reader.text(path, longest: SigningKey.signatureLength)
    guard let header else {
      if signature != nil {
        manifestFiles.insert(path)
        unchecked.insert(path)
      } else if keys.hasSigned, !keys.isLapsed {
        manifestFiles.insert(path)
        discrepancies.append(
          Discrepancy(
            path: path, kind: .missing, expected: "a signature of header \(sequence)",
            found: "nothing"))
      }
      return
    }
    guard let key = header.signingKey else {
      keys.take(sequence, key: nil, isGenuine: false)
      return lapse(sequence)
    }
    manifestFiles.insert(path)
    let isGenuine = signature.map { verifies(key, $0, text) } ?? false
    keys.take(sequence, key: key, isGenuine: isGenuine)
    let isRelocated = reader.relocations[path] != nil
    if isGenuine, !isRelocated {
      digests[path] = signature.map(VerificationReplay.digest)
      return
    }
    let actual =
      isRelocated ? try reader.contents(path, longest: SigningKey.signatureLength) : signature
    let isProven = chain.links[sequence - 1].expected != nil || options.head == header.head
    discrepancies.append(
      Discrepancy(
        path: path, kind: kind(actual, isProven: isProven),
        expected: "a signature of header \(sequence) by \(key)",
        found: actual.map { "\($0.count) bytes that are none" } ?? "nothing",
        genuine: isGenuine ? signature.map(VerificationReplay.digest) : nil,
        actual: actual.map(VerificationReplay.digest), wanted: .signature(sequence, key)))
  }

  /// Whether it is the signature that was altered, or perhaps the header, is known only if a later
  /// header or the head that was given covers the header.
  private func kind(_ actual: [UInt8]?, isProven: Bool) -> VerificationFinding.Kind {
    guard let actual else { return .missing }
    if actual.count < SigningKey.signatureLength { return .truncated }
    return isProven || actual.count > SigningKey.signatureLength ? .altered : .signature
  }

  /// A header without a signature, which is a fault after one with; of several in a row the first is
  /// reported. Where a key is trusted, each of them is: see `checkTrust`.
  private mutating func lapse(_ sequence: Int) {
    guard options.publicKey == nil, keys.hasSigned, !keys.isLapsed else { return }
    keys.isLapsed = true
    findings.append(
      VerificationFinding(
        kind: .unsigned, path: ManifestNames.headerPath(sequence),
        expected: "a signed header, as earlier ones are", found: "a header without signing_key"))
  }

  private func verifies(_ key: String, _ signature: [UInt8], _ header: [UInt8]) -> Bool {
    guard signature.count == SigningKey.signatureLength else { return false }
    return signature.withUnsafeBufferPointer { signature in
      header.withUnsafeBufferPointer { options.verifiesSignature(key, signature, $0) }
    }
  }

  /// True if these bytes are a signature of the header of this number.
  func isSignature(_ bytes: [UInt8], _ sequence: Int, _ key: String) throws -> Bool {
    let header = try reader.text(
      ManifestNames.headerPath(sequence), longest: ReadLimit.header)
    return verifies(key, bytes, header ?? [])
  }

  /// Every commit must be signed by a key that is trusted, if one was given. One of which the signature does
  /// not fit is reported already.
  mutating func checkTrust() {
    guard let wanted = options.publicKey else { return }
    keys.spread(from: wanted, options.verifiesSignature)
    let start = signingStart ?? 0
    for (commit, inForce) in keys.uncovered(behind: start, options.verifiesSignature) {
      findings.append(
        VerificationFinding(
          kind: .signature, path: ManifestNames.headerPath(commit.sequence),
          expected: "a signature by \(inForce ?? wanted), or by a key that follows from it",
          found: commit.key.map { "one by \($0)" } ?? "none"))
    }
  }

  /// The number of the newest commit that is rightly not signed; nil if there is none.
  var signingStart: Int? {
    guard let head = options.signingFrom else { return nil }
    return chain.links.lastIndex { $0.genuine == head }.map { $0 + 1 }
  }
}
