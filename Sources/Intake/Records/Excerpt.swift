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
    reason("longer than max_record (\(limit) bytes)").text
  }

  /// What it says about a rest that cannot be read, because of `fault`.
  consuming func reason(fault: String) -> String {
    reason("\(fault); the rest of the input").text
  }

  private consuming func reason(_ cause: String) -> ExcerptReason {
    let length = length
    return ExcerptReason(cause: cause, length: length, digest: hasher.finalize())
  }
}

/// Why the quarantine holds the beginning alone of an item, and what all of it was.
struct ExcerptReason: Equatable {
  /// Why not all of it is there.
  var cause: String
  /// Bytes that there were.
  var length: Int
  /// SHA-256 of them.
  var digest: Digest256

  /// As the row of the quarantine has it.
  var text: String { "\(cause): \(length) bytes, sha256 \(digest.hex)" }
}

extension ExcerptReason {
  /// Reads what `text` gives; nil for the reason of an item that is there whole.
  init?(_ text: String) {
    let digits = Array(text.utf8.suffix(64))
    guard let digest = digits.withUnsafeBufferPointer({ Digest256(hex: $0) }),
      let colon = text.lastIndex(of: ":")
    else { return nil }
    let words = text[colon...].split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 5, words[2] == "bytes,", words[3] == "sha256", let length = Int(words[1])
    else { return nil }
    self.init(cause: String(text[..<colon]), length: length, digest: digest)
    guard self.text == text else { return nil }
  }
}
