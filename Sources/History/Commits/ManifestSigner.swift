package import Bytes

/// Signs manifests. What signs, and with what, is its maker's affair.
package struct ManifestSigner: Sendable {
  /// The public key, in hexadecimal.
  package let publicKey: String
  /// The signature of a message.
  package let sign: @Sendable (ByteView) throws -> [UInt8]
  /// The public key that signed before, in hexadecimal, and the old key's signature of a message: so
  /// that whoever trusts the old one can trust the new one.
  package let previous: (publicKey: String, sign: @Sendable (ByteView) throws -> [UInt8])?

  /// A signer.
  package init(
    publicKey: String, sign: @escaping @Sendable (ByteView) throws -> [UInt8],
    previous: (publicKey: String, sign: @Sendable (ByteView) throws -> [UInt8])? = nil
  ) {
    self.publicKey = publicKey
    self.sign = sign
    self.previous = previous
  }

  /// The change from the key that signed last, if it is another; nil if it is the same.
  package func change(from last: String?) throws -> SigningKeyChange? {
    guard last != publicKey else { return nil }
    var endorsement: String?
    if let last, let previous, previous.publicKey == last {
      let message = SigningKeyChange.message(publicKey)
      endorsement = try message.withUnsafeBufferPointer { message in
        var hex = ByteBuffer(capacity: 128)
        try previous.sign(message).withUnsafeBufferPointer { Hex.append($0, to: &hex) }
        return String(decoding: hex.view, as: UTF8.self)
      }
    }
    return SigningKeyChange(publicKey: publicKey, previous: last, endorsement: endorsement)
  }
}

/// From which commit on manifests are signed with another key.
package struct SigningKeyChange: Equatable, Sendable {
  /// The new public key, in hexadecimal.
  package var publicKey: String
  /// The one before; nil if manifests were not signed before.
  package var previous: String?
  /// The one before's signature of `message`, in hexadecimal, if there is one.
  package var endorsement: String?

  package init(publicKey: String, previous: String? = nil, endorsement: String? = nil) {
    self.publicKey = publicKey
    self.previous = previous
    self.endorsement = endorsement
  }

  /// What the old key signs to endorse a new one.
  package static func message(_ publicKey: String) -> [UInt8] {
    Array("trailmill: the next signing key is \(publicKey)\n".utf8)
  }
}
