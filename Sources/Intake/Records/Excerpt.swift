internal import Crypto
internal import Bytes
internal import Engine

/// What is kept of bytes that are too many to be held: their beginning, length and digest.
struct Excerpt: ~Copyable {
  /// Bytes that are kept: 64 KiB.
  static let keptBytes = 64 << 10

  private(set) var length = 0
  private var hasher = SHA256Hasher()

  mutating func add(_ bytes: ByteView) {
    length += bytes.count
    hasher.update(bytes)
  }

  /// What the quarantine says about a record that is longer than `limit`.
  consuming func reason(limit: Int) -> String {
    let length = length
    return "longer than max_record (\(limit) bytes): \(length) bytes, sha256 \(digest())"
  }

  /// What it says about a rest that cannot be read, because of `fault`.
  consuming func reason(fault: String) -> String {
    let length = length
    return "\(fault); the rest of the input: \(length) bytes, sha256 \(digest())"
  }

  /// True if of an item in quarantine only the beginning is there.
  static func isOne(_ origin: RecordOrigin) -> Bool {
    let digits = origin.reason.utf8.suffix(64)
    return origin.stage == "intake" && origin.reason.dropLast(64).hasSuffix(" bytes, sha256 ")
      && digits.allSatisfy { Hex.digit($0) != nil }
  }

  private consuming func digest() -> String { hasher.finalize().hex }
}
