public import Bytes
internal import CCrypto

// SHA-256 is taken once or twice for every record, so the price of starting a digest matters as
// much as that of a byte. libcrypto's low-level functions, which OpenSSL 3 marks as deprecated,
// work on a context that lives on the stack: 51 ns for 32 bytes, 469 ns for 800. The EVP interface
// takes 75 and 538 ns with a context and an algorithm held by every thread, 268 and 845 ns where
// the algorithm is named each time, and more where the context is allocated each time. The code
// that does the work, with the processor's SHA instructions where there are any, is the same.

/// SHA-256 of bytes that come in pieces.
public struct SHA256Hasher: ~Copyable {
  private var context = SHA256_CTX()

  /// Starts a digest.
  public init() { SHA256_Init(&context) }

  /// A hasher of all bytes so far, to go on in two ways.
  public func copy() -> SHA256Hasher {
    var copy = SHA256Hasher()
    copy.context = context
    return copy
  }

  /// Adds bytes.
  public mutating func update(_ bytes: ByteView) {
    if let start = bytes.baseAddress { SHA256_Update(&context, start, bytes.count) }
  }

  /// Adds one byte.
  public mutating func update(_ byte: UInt8) {
    var byte = byte
    SHA256_Update(&context, &byte, 1)
  }

  /// Adds the 32 bytes of a digest.
  public mutating func update(_ digest: Digest256) {
    digest.withBytes { bytes in update(bytes) }
  }

  /// The digest of all bytes added.
  public consuming func finalize() -> Digest256 {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
      SHA256_Final(digest.baseAddress, &context)
      return Digest256(ByteView(digest)) ?? Digest256(0, 0, 0, 0)
    }
  }
}

/// SHA-256 of bytes that are all there.
public enum SHA256 {
  /// The digest of `bytes`.
  public static func digest(_ bytes: ByteView) -> Digest256 {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finalize()
  }

  /// The digest of one byte followed by `bytes`, as the leaves of RFC 6962 have it.
  public static func digest(prefix: UInt8, _ bytes: ByteView) -> Digest256 {
    var hasher = SHA256Hasher()
    hasher.update(prefix)
    hasher.update(bytes)
    return hasher.finalize()
  }
}
