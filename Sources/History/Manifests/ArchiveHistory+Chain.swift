internal import Crypto
internal import Disk
internal import JSONText
package import Bytes

/// Who signed a header.
package enum HeaderSignature: Equatable, Sendable {
  /// It names no key.
  case none
  /// The key that it names, in hexadecimal, has signed it.
  case genuine(key: String)
  /// It names a key, and what lies there is no signature of it.
  case wrong(key: String)
}

// The chain of headers, as far as those need it who go on from the newest one.
extension ArchiveHistory {
  private static let previous = DocumentMembers(["/previous"])

  private func headerText(_ sequence: Int) throws(ArchiveError) -> [UInt8] {
    let file = manifestFolder + "/" + ManifestNames.header(sequence)
    do { return try disk.contents(file, limit: ReadLimit.header) } catch {
      throw ArchiveError(reading: error)
    }
  }

  /// The heads of the commits from `first` to the newest, whose head is known. Throws if a header is not the
  /// one of which the next one speaks.
  package func heads(from first: Int, newest: Digest256) throws(ArchiveError) -> [Digest256] {
    var heads: [Digest256] = []
    var head = newest
    var reader = DocumentReader(ArchiveHistory.previous)
    var sequence = last
    while sequence >= max(first, 1) {
      let text = try headerText(sequence)
      let previous = text.withUnsafeBufferPointer { text -> Digest256? in
        guard SHA256.digest(text) == head else { return nil }
        // Before the first there is none.
        guard sequence > 1 else { return head }
        return (try? reader.read(text))?.digest(0)
      }
      guard let previous else { throw offChain(sequence) }
      heads.append(head)
      head = previous
      sequence -= 1
    }
    return heads.reversed()
  }

  /// The heads of all commits. Throws unless the headers are one chain up to the newest.
  package func heads() throws(ArchiveError) -> [Digest256] {
    last > 0 ? try heads(from: 1, newest: try header(last).head) : []
  }

  /// Who signed the header of a commit, which has to have this head.
  package func signature(
    of sequence: Int, head: Digest256
  ) throws(ArchiveError) -> HeaderSignature {
    let text = try headerText(sequence)
    let key = text.withUnsafeBufferPointer { text -> String?? in
      guard SHA256.digest(text) == head, let header = ManifestHeader(text, sequence: sequence)
      else { return nil }
      return .some(header.signingKey)
    }
    guard let key else {
      throw damaged(
        "a header was altered meanwhile", manifestFolder + "/" + ManifestNames.header(sequence))
    }
    guard let key else { return .none }
    let signature: [UInt8]
    do {
      signature = try disk.contents(
        manifestFolder + "/" + ManifestNames.signature(sequence), limit: SigningKey.signatureLength)
    } catch {
      guard error.isMissing || error.isNoFile else { throw ArchiveError(reading: error) }
      return .wrong(key: key)
    }
    var digits = key
    let isGenuine = signature.withUnsafeBufferPointer { signature in
      text.withUnsafeBufferPointer { text in
        digits.withUTF8 { VerifyingKey(hex: $0) }?.verifies(signature, of: text) ?? false
      }
    }
    return isGenuine ? .genuine(key: key) : .wrong(key: key)
  }
}
