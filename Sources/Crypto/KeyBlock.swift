internal import Bytes
internal import CCrypto

// Of libcrypto's readers those are used that never ask for a passphrase: PEM_read_bio only takes the
// text apart, and the two d2i functions know no encryption. PEM_read_bio_PrivateKey would open the
// terminal.

/// A block of PEM (RFC 7468): what it is called, and what it holds. The memory is wiped when it goes.
final class KeyBlock {
  /// What stands behind `BEGIN`.
  let label: String
  /// True if the block says that it is encrypted.
  let isEncrypted: Bool
  private let contents: UnsafeMutablePointer<UInt8>
  private let count: Int

  /// Bytes of the longest text that is read: 64 KiB.
  static let longestText = 1 << 16

  /// Reads the first block of a text. Throws, with kind `.setting`, if there is none.
  init(_ text: ByteView) throws(CryptoError) {
    guard text.count <= KeyBlock.longestText else {
      throw CryptoError(.setting, "a key file has at most \(KeyBlock.longestText) bytes")
    }
    guard let start = text.baseAddress, !text.isEmpty else {
      throw CryptoError(.setting, "the key file is empty")
    }
    guard let input = BIO_new_mem_buf(start, Int32(text.count)) else {
      throw CryptoError(.library, "cannot read a key: libcrypto: out of memory")
    }
    defer { BIO_free(input) }
    var label: UnsafeMutablePointer<CChar>?
    var header: UnsafeMutablePointer<CChar>?
    var contents: UnsafeMutablePointer<UInt8>?
    var count = 0
    let isRead = PEM_read_bio(input, &label, &header, &contents, &count) == 1
    guard isRead, let label, let header, let contents else {
      ERR_clear_error()
      throw CryptoError(.setting, "the key file is no PEM: it needs a block -----BEGIN … KEY-----")
    }
    self.label = String(cString: label)
    isEncrypted = self.label == "ENCRYPTED PRIVATE KEY" || header.pointee != 0
    self.contents = contents
    self.count = count
    CRYPTO_free(label, #fileID, #line)
    CRYPTO_free(header, #fileID, #line)
  }

  deinit { CRYPTO_clear_free(contents, count, #fileID, #line) }

  /// The private key that this is, of PKCS#8. The caller frees it.
  func privateKey() throws(CryptoError) -> OpaquePointer {
    guard !isEncrypted else {
      throw CryptoError(
        .setting,
        "the private key is encrypted: give it without a passphrase (openssl pkey -in … -out …)")
    }
    guard label == "PRIVATE KEY" else { throw unexpected("PRIVATE KEY") }
    let key = decode { (place, length) -> OpaquePointer? in
      guard let information = d2i_PKCS8_PRIV_KEY_INFO(nil, place, length) else { return nil }
      defer { PKCS8_PRIV_KEY_INFO_free(information) }
      return EVP_PKCS82PKEY(information)
    }
    return try ed25519(key, "private")
  }

  /// The public key that this is, a SubjectPublicKeyInfo. The caller frees it.
  func publicKey() throws(CryptoError) -> OpaquePointer {
    guard label == "PUBLIC KEY" else { throw unexpected("PUBLIC KEY") }
    return try ed25519(decode { d2i_PUBKEY(nil, $0, $1) }, "public")
  }

  private typealias Place = UnsafeMutablePointer<UnsafePointer<UInt8>?>

  /// What `body` makes of the contents; nil if something is left over.
  private func decode(_ body: (Place, Int) -> OpaquePointer?) -> OpaquePointer? {
    var place: UnsafePointer<UInt8>? = UnsafePointer(contents)
    guard let key = body(&place, count) else {
      ERR_clear_error()
      return nil
    }
    guard place == UnsafePointer(contents + count) else {
      EVP_PKEY_free(key)
      return nil
    }
    return key
  }

  /// The key, if it is one of Ed25519.
  private func ed25519(_ key: OpaquePointer?, _ kind: String) throws(CryptoError) -> OpaquePointer {
    guard let key else {
      throw CryptoError(.setting, "the \(kind) key is damaged, or of a type that libcrypto lacks")
    }
    guard EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else {
      let type = EVP_PKEY_get0_type_name(key).map { String(cString: $0) } ?? "another type"
      EVP_PKEY_free(key)
      throw CryptoError(.setting, "the \(kind) key is of type \(type): give one of Ed25519")
    }
    return key
  }

  private func unexpected(_ wanted: String) -> CryptoError {
    CryptoError(
      .setting,
      "the key file begins with -----BEGIN \(label.prefix(40))-----: give one of Ed25519 that begins with "
        + "-----BEGIN \(wanted)-----"
    )
  }

  /// The text of a block that is not encrypted.
  static func text(_ label: StaticString, _ contents: ByteView) -> [UInt8] {
    var text = ByteBuffer(capacity: 128)
    text.append("-----BEGIN ")
    text.append(label)
    text.append("-----\n")
    var rest = contents[...]
    while !rest.isEmpty {
      Base64.append(encoding: ByteView(rebasing: rest.prefix(48)), to: &text)
      text.append(UInt8(ascii: "\n"))
      rest = rest.dropFirst(48)
    }
    text.append("-----END ")
    text.append(label)
    text.append("-----\n")
    return text.bytes
  }
}
