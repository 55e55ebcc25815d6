internal import Bytes

/// Why the quarantine of an archive that version 0.1 wrote holds the beginning alone of an item, and what
/// all of it was.
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
