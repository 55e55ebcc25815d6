internal import Crypto
package import Bytes

/// How an input begins: enough to tell at a glance which known inputs it may be, or continue.
///
/// It covers the first 2^k bytes, where 2^k is the largest power of two that is at most the number
/// of bytes known, and at most 4,096. So the marks of a file that has grown since are those of its
/// first 1, 2, 4 … 4,096 bytes: 13 short digests, whatever its length.
package struct ContentMark: Hashable, Sendable {
  /// Bytes that a mark looks at, at most: 4,096.
  package static let longest = 4096

  /// Bytes covered.
  package let length: Int
  /// The first 64 bits of their SHA-256.
  package let digest: UInt64

  /// A mark that was written down.
  package init(length: Int, digest: UInt64) {
    self.length = length
    self.digest = digest
  }

  /// The mark of an input of `total` bytes that begins with `first`, its first 4,096 bytes or all of
  /// them; nil if it is empty.
  package init?(_ first: ByteView, total: Int64) {
    guard let length = ContentMark.length(total), length <= first.count else { return nil }
    self.init(first, length: length)
  }

  private init(_ first: ByteView, length: Int) {
    self.length = length
    digest = SHA256.digest(ByteView(rebasing: first[..<length])).words.0
  }

  /// The marks that known inputs may have of which this one is a continuation.
  package static func all(_ first: ByteView) -> [ContentMark] {
    var marks: [ContentMark] = []
    var length = 1
    while length <= min(first.count, longest) {
      marks.append(ContentMark(first, length: length))
      length *= 2
    }
    return marks
  }

  /// Bytes that the mark of `total` bytes covers; nil for none.
  package static func length(_ total: Int64) -> Int? {
    guard total > 0 else { return nil }
    let bounded = Int(min(total, Int64(longest)))
    return 1 << (Int.bitWidth - 1 - bounded.leadingZeroBitCount)
  }
}
