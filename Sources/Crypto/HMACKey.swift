public import Bytes
internal import CCrypto

// The key is scheduled once into a context of libcrypto, which each message copies: 360 ns and 800
// ns for 32 and 800 bytes, where the one-shot function, which looks the algorithm up anew, takes
// 1000 and 1500. Copying only reads the original, so any number of threads may do it at once. A
// context to reuse for every thread would save 200 ns more, and cost every caller its handling.

/// A secret, prepared to authenticate messages with HMAC (RFC 2104).
public struct HMACKey: Sendable {
  /// The hash function inside.
  public enum Hash: String, CaseIterable, Sendable {
    /// SHA-256, tags of 32 bytes.
    case sha256
    /// SHA-1, tags of 20 bytes.
    case sha1

    /// Bytes in a tag.
    public var tagLength: Int { self == .sha256 ? 32 : 20 }
  }

  /// Owns the context. Unchecked: nothing alters the context after `init`.
  private final class Prepared: @unchecked Sendable {
    let context: OpaquePointer

    init(_ context: OpaquePointer) { self.context = context }

    deinit { HMAC_CTX_free(context) }
  }

  /// The hash function inside.
  public let hash: Hash
  private let prepared: Prepared

  /// Prepares a secret. Throws, with kind `.setting`, if it is empty, or nothing but NUL, with which HMAC
  /// fills keys up: anybody knows that one.
  public init(secret: ByteView, hash: Hash) throws(CryptoError) {
    guard let start = secret.baseAddress, secret.contains(where: { $0 != 0 }) else {
      throw CryptoError(.setting, "secret is empty: give one of at least a byte")
    }
    guard secret.count <= Int(Int32.max), let context = HMAC_CTX_new() else {
      throw CryptoError(.library, "cannot prepare a secret: libcrypto: out of memory")
    }
    prepared = Prepared(context)
    self.hash = hash
    let algorithm = hash == .sha256 ? EVP_sha256() : EVP_sha1()
    guard HMAC_Init_ex(context, start, Int32(secret.count), algorithm, nil) == 1 else {
      throw CryptoError(.library, "cannot prepare a secret: libcrypto refuses HMAC-\(hash)")
    }
  }

  /// The tag of a message; empty if libcrypto is out of memory.
  public func authenticate(_ message: ByteView) -> [UInt8] {
    withTag(message) { Array($0) } ?? []
  }

  /// True if `tag` is the whole tag of `message`, compared in constant time.
  ///
  /// A truncated tag does not match, nor does anything if libcrypto is out of memory.
  public func matches(tag: ByteView, message: ByteView) -> Bool {
    guard tag.count == hash.tagLength, let given = tag.baseAddress else { return false }
    return withTag(message) { CRYPTO_memcmp($0.baseAddress, given, $0.count) == 0 } ?? false
  }

  private func withTag<Result>(_ message: ByteView, _ body: (ByteView) -> Result) -> Result? {
    guard let context = HMAC_CTX_new() else { return nil }
    defer { HMAC_CTX_free(context) }
    guard HMAC_CTX_copy(context, prepared.context) == 1 else { return nil }
    if let start = message.baseAddress {
      guard HMAC_Update(context, start, message.count) == 1 else { return nil }
    }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(EVP_MAX_MD_SIZE)) { tag in
      var length: UInt32 = 0
      guard HMAC_Final(context, tag.baseAddress, &length) == 1, Int(length) == hash.tagLength
      else { return nil }
      return body(ByteView(start: tag.baseAddress, count: Int(length)))
    }
  }
}
