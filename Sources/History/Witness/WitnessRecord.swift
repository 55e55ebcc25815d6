internal import Crypto
internal import JSONText
package import Bytes

// A witness is a folder where the writers of an archive cannot take away what is there: another disk, a
// bucket with object lock. It gets one file a commit, one JSON object and a line feed:
//
//   version      1
//   sequence     the number of the commit
//   head         SHA-256 of its header
//   time         when the file was written
//   signing_key  the public key that has signed this, in hexadecimal; null if none has
//   signature    Ed25519 over `message`, in hexadecimal; null if and only if signing_key is
//
// It is made and written in one go, under its own name: a bucket knows no renaming. So one that is cut short
// may be there, after a crash; the line feed at its end tells.

/// What one file of a witness says: which head a commit had.
package struct WitnessRecord: Equatable, Sendable {
  /// Bytes of the longest file that is read: 4 KiB.
  package static let longest = 4096
  private static let version = 1

  /// The number of the commit.
  package let sequence: Int
  /// SHA-256 of its header.
  package let head: Digest256
  /// When the file was written.
  package let time: Timestamp
  private let signature: Signature?

  private struct Signature: Equatable, Sendable {
    /// The public key, in hexadecimal.
    let key: String
    let bytes: [UInt8]
  }

  /// A record of now, signed if there is a signer.
  package init(
    sequence: Int, head: Digest256, time: Timestamp, signer: ManifestSigner?
  ) throws {
    self.sequence = sequence
    self.head = head
    self.time = time
    let message = WitnessRecord.message(sequence, head, time)
    signature = try signer.map { signer in
      Signature(
        key: signer.publicKey, bytes: try message.withUnsafeBufferPointer { try signer.sign($0) })
    }
  }

  /// What is signed. No header begins so, nor what a key signs that vouches for the next one.
  private static func message(_ sequence: Int, _ head: Digest256, _ time: Timestamp) -> [UInt8] {
    Array("trailmill: witness of commit \(sequence): head \(head.hex): \(time.rfc3339)\n".utf8)
  }

  /// The public key that has signed it, in hexadecimal; nil if none has.
  package var signingKey: String? { signature?.key }

  /// True if it is signed, rightly, by the key that it names.
  package var isSigned: Bool {
    guard let signature else { return false }
    var key = signature.key
    guard let verifier = key.withUTF8({ VerifyingKey(hex: $0) }) else { return false }
    let message = WitnessRecord.message(sequence, head, time)
    return signature.bytes.withUnsafeBufferPointer { bytes in
      message.withUnsafeBufferPointer { verifier.verifies(bytes, of: $0) }
    }
  }

  // MARK: The file

  /// The text of its file.
  package var text: [UInt8] {
    var line = JSONWriter()
    line.member("version", Int64(WitnessRecord.version))
    line.member("sequence", Int64(sequence))
    line.member("head", head)
    line.member("time", time)
    line.member("signing_key", signature?.key)
    line.member("signature", signature.map { Hex.string($0.bytes) })
    return line.finish() + [UInt8(ascii: "\n")]
  }

  private static let members = DocumentMembers([
    "/version", "/sequence", "/head", "/time", "/signing_key", "/signature",
  ])

  /// Reads the file of commit `sequence`; nil if it is no such file.
  package init?(_ text: ByteView, sequence: Int) {
    let members = WitnessRecord.members
    var reader = DocumentReader(members)
    guard text.count <= WitnessRecord.longest, text.last == UInt8(ascii: "\n"),
      let document = try? reader.read(text),
      document.number(members.place("/version")) == WitnessRecord.version,
      document.number(members.place("/sequence")) == sequence,
      let head = document.digest(members.place("/head")),
      let time = document.time(members.place("/time"))
    else { return nil }
    self.sequence = sequence
    self.head = head
    self.time = time
    let (key, signature) = (members.place("/signing_key"), members.place("/signature"))
    if document.kind(key) == .null, document.kind(signature) == .null {
      self.signature = nil
    } else {
      guard let key = document.digest(key)?.hex, let digits = document.bytes(signature),
        let bytes = digits.withUnsafeBufferPointer({ Hex.decode($0) }),
        bytes.count == SigningKey.signatureLength
      else { return nil }
      self.signature = Signature(key: key, bytes: bytes)
    }
  }

  /// True if a text may be what a crash has left of the file of a commit with this head: nothing, its
  /// beginning, or that and zeros. It says nothing then, and contradicts nothing.
  package static func isBeginning(_ text: [UInt8], sequence: Int, head: Digest256) -> Bool {
    let written = text.prefix(1 + (text.lastIndex { $0 != 0 } ?? -1))
    guard text.count <= longest, written.last != UInt8(ascii: "\n") else { return false }
    var line = JSONWriter()
    line.member("version", Int64(version))
    line.member("sequence", Int64(sequence))
    line.member("head", head)
    let beginning = line.finish().dropLast() + Array(",\"time\":\"".utf8)
    return beginning.starts(with: written) || written.starts(with: beginning)
  }
}
