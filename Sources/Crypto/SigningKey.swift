public import Bytes
internal import CCrypto

// The mathematics are libcrypto's. Only the frame of the key files is written here: RFC 8410 leaves
// no choice in it, so that there is nothing that could fail.

/// A private key that signs with Ed25519 (RFC 8032).
public struct SigningKey: Sendable {
  /// Longest key file that is read, in bytes: one of Ed25519 has some 120.
  public static let longestFile = KeyBlock.longestText
  /// Bytes in a signature.
  public static let signatureLength = 64

  /// The beginning of a PKCS#8 structure; the 32 bytes of the seed follow.
  private static let frame: [UInt8] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]

  /// Owns the key, which libcrypto wipes when it goes. Unchecked: nothing alters it.
  private final class Prepared: @unchecked Sendable {
    let key: OpaquePointer

    init(_ key: OpaquePointer) { self.key = key }

    deinit { EVP_PKEY_free(key) }
  }

  /// Owns the seed, and wipes it when it goes. Unchecked: nothing alters it after `init`.
  private final class Seed: @unchecked Sendable {
    static let length = 32
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: length)

    init?(of key: OpaquePointer) {
      bytes.initialize(repeating: 0, count: Self.length)
      var length = Self.length
      guard EVP_PKEY_get_raw_private_key(key, bytes, &length) == 1, length == Self.length
      else { return nil }
    }

    deinit {
      OPENSSL_cleanse(bytes, Self.length)
      bytes.deallocate()
    }
  }

  /// The key that proves what this one signs.
  public let publicKey: VerifyingKey
  private let prepared: Prepared
  private let seed: Seed

  /// A key from the system's random numbers. Throws, with kind `.library`, if libcrypto has none.
  public static func generate() throws(CryptoError) -> SigningKey {
    guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil) else {
      throw CryptoError(.library, "cannot make a key: libcrypto lacks Ed25519")
    }
    defer { EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_keygen(context, &key) == 1, let key else {
      ERR_clear_error()
      throw CryptoError(.library, "cannot make a key: libcrypto refuses")
    }
    return try SigningKey(owning: key)
  }

  /// Reads a private key as `openssl genpkey -algorithm ed25519` writes it: PKCS#8 in PEM.
  ///
  /// Throws, with kind `.setting`, if it is encrypted (nobody is asked for a passphrase), of another
  /// type, or none.
  public init(pem: ByteView) throws(CryptoError) {
    try self.init(owning: try KeyBlock(pem).privateKey())
  }

  /// Takes a key of Ed25519 over, and frees it.
  init(owning key: OpaquePointer) throws(CryptoError) {
    prepared = Prepared(key)
    guard let seed = Seed(of: key), let publicKey = VerifyingKey(of: key) else {
      throw CryptoError(.library, "cannot prepare a key: libcrypto refuses")
    }
    self.seed = seed
    self.publicKey = publicKey
  }

  /// The private key as PKCS#8 in PEM: 119 bytes that want to be kept secret.
  public var pem: [UInt8] {
    let contents = Self.frame + UnsafeBufferPointer(start: seed.bytes, count: Seed.length)
    return contents.withUnsafeBufferPointer { KeyBlock.text("PRIVATE KEY", $0) }
  }

  /// The signature of a message, 64 bytes; the same key and message give the same. Throws, with kind
  /// `.library`, if libcrypto is out of memory.
  public func sign(_ message: ByteView) throws(CryptoError) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: Self.signatureLength)
    guard let context = EVP_MD_CTX_new() else {
      throw CryptoError(.library, "cannot sign: libcrypto: out of memory")
    }
    defer { EVP_MD_CTX_free(context) }
    var length = signature.count
    guard EVP_DigestSignInit(context, nil, nil, nil, prepared.key) == 1,
      EVP_DigestSign(context, &signature, &length, message.baseAddress, message.count) == 1,
      length == Self.signatureLength
    else {
      ERR_clear_error()
      throw CryptoError(.library, "cannot sign: libcrypto refuses Ed25519")
    }
    return signature
  }
}

/// The public half of a `SigningKey`: 32 bytes that tell its signatures from all others.
public struct VerifyingKey: Hashable, Sendable {
  /// The beginning of a SubjectPublicKeyInfo; the 32 bytes of the key follow.
  private static let frame: [UInt8] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]

  /// The bytes of the key: no digest, but as flat and as long.
  private let bytes: Digest256

  /// Reads a public key as `openssl pkey -pubout` writes it: a SubjectPublicKeyInfo in PEM.
  ///
  /// Throws, with kind `.setting`, if it is of another type, private, or none.
  public init(pem: ByteView) throws(CryptoError) {
    try self.init(owning: try KeyBlock(pem).publicKey())
  }

  /// Reads a public key, or takes the public half of a private one, from PEM.
  ///
  /// Throws, with kind `.setting`, what the other two initializers throw.
  public init(publicOrPrivatePEM pem: ByteView) throws(CryptoError) {
    let block = try KeyBlock(pem)
    let isPrivate = block.isEncrypted || block.label == "PRIVATE KEY"
    try self.init(owning: isPrivate ? try block.privateKey() : try block.publicKey())
  }

  /// The key that 64 hexadecimal digits of either case stand for; nil for anything else.
  ///
  /// Not every 32 bytes are a point of the curve. Those that are none verify nothing.
  public init?(hex: ByteView) {
    guard let bytes = Digest256(hex: hex) else { return nil }
    self.bytes = bytes
  }

  private init(owning key: OpaquePointer) throws(CryptoError) {
    defer { EVP_PKEY_free(key) }
    guard let key = VerifyingKey(of: key) else {
      throw CryptoError(.library, "cannot prepare a key: libcrypto refuses")
    }
    self = key
  }

  /// The public half of a key of Ed25519.
  init?(of key: OpaquePointer) {
    let bytes = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { raw in
      var length = raw.count
      guard EVP_PKEY_get_raw_public_key(key, raw.baseAddress, &length) == 1 else {
        return nil as Digest256?
      }
      return Digest256(ByteView(start: raw.baseAddress, count: length))
    }
    guard let bytes else { return nil }
    self.bytes = bytes
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String { bytes.hex }

  /// The public key as SubjectPublicKeyInfo in PEM: 113 bytes.
  public var pem: [UInt8] {
    let contents = Self.frame + bytes.withBytes { Array($0) }
    return contents.withUnsafeBufferPointer { KeyBlock.text("PUBLIC KEY", $0) }
  }

  /// True if the key's owner signed exactly these bytes.
  ///
  /// A signature that is not 64 bytes long does not verify, nor does anything by a key that is no
  /// point of the curve, or if libcrypto is out of memory.
  public func verifies(_ signature: ByteView, of message: ByteView) -> Bool {
    guard signature.count == SigningKey.signatureLength, let context = EVP_MD_CTX_new() else {
      return false
    }
    defer { EVP_MD_CTX_free(context) }
    let key = bytes.withBytes {
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count)
    }
    defer { EVP_PKEY_free(key) }
    let isGenuine =
      key != nil && EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
      && EVP_DigestVerify(
        context, signature.baseAddress, signature.count, message.baseAddress, message.count) == 1
    if !isGenuine { ERR_clear_error() }
    return isGenuine
  }
}
