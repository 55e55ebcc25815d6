internal import Bytes
internal import Crypto

/// The digest of an input's first bytes: by a few of these a shorter copy is told from another input that
/// only begins alike.
package struct PrefixDigest: Equatable, Sendable {
  /// The least that a copy has to have: 64 KiB.
  package static let shortest = 64 << 10

  /// Bytes covered.
  package let length: Int
  /// The first 64 bits of their SHA-256.
  package let digest: UInt64
}

/// The SHA-256 of a text that comes in pieces, and what is noted on the way.
struct TextDigest: ~Copyable {
  /// How far from the end of a piece a line feed is looked for: 64 KiB.
  private static let longestTail = 64 << 10
  private static let mostPrefixes = 32

  private var hasher = SHA256Hasher()
  /// The state behind the last line feed that ended a piece's last line.
  private var atLineEnd = SHA256Hasher()
  private var lineEnd = 0
  private(set) var count = 0
  /// The first bytes, at most `InputFacts.keptBeginning` of them.
  private(set) var first: [UInt8] = []
  /// At 64 KiB, and at the multiples of `step`: no more than `mostPrefixes`.
  private var prefixes: [PrefixDigest] = []
  private var step = PrefixDigest.shortest
  private var nextPrefix = PrefixDigest.shortest

  init() {}

  /// Adds bytes; how they are cut makes no difference.
  mutating func update(_ piece: ByteView) {
    if first.count < InputFacts.keptBeginning {
      first += piece.prefix(InputFacts.keptBeginning - first.count)
    }
    let near = max(0, piece.count - TextDigest.longestTail)
    guard let feed = piece[near...].lastIndex(of: 0x0A) else { return add(piece) }
    add(ByteView(rebasing: piece[...feed]))
    atLineEnd = hasher.copy()
    lineEnd = count
    add(ByteView(rebasing: piece[(feed + 1)...]))
  }

  private mutating func add(_ piece: ByteView) {
    var at = 0
    while count + piece.count - at >= nextPrefix {
      let end = at + nextPrefix - count
      hasher.update(ByteView(rebasing: piece[at..<end]))
      count = nextPrefix
      at = end
      notePrefix()
    }
    hasher.update(ByteView(rebasing: piece[at...]))
    count += piece.count - at
  }

  private mutating func notePrefix() {
    prefixes.append(PrefixDigest(length: count, digest: digest.words.0))
    if prefixes.count > TextDigest.mostPrefixes {
      step *= 2
      let step = step
      prefixes.removeAll { $0.length % step != 0 && $0.length != PrefixDigest.shortest }
    }
    nextPrefix = (count / step + 1) * step
  }

  /// True if a line feed was seen.
  var hasLineFeed: Bool { lineEnd > 0 }

  /// The digest of all bytes so far.
  var digest: Digest256 { hasher.copy().finalize() }

  /// The digest of the first `length` bytes; nil if nobody knows it any more.
  func digest(ofFirst length: Int) -> Digest256? {
    if length == count { return digest }
    return length == lineEnd ? atLineEnd.copy().finalize() : nil
  }

  /// The digests of the text's beginning, up to `length`.
  func prefixes(upTo length: Int) -> [PrefixDigest] { prefixes.filter { $0.length <= length } }
}
