internal import Bytes
internal import Crypto

/// The SHA-256 of a text that comes in pieces, and what is noted on the way.
struct TextDigest: ~Copyable {
  /// How far from the end of a piece a line feed is looked for: 64 KiB.
  private static let longestTail = 64 << 10

  private var hasher = SHA256Hasher()
  /// The state behind the last line feed that ended a piece's last line.
  private var atLineEnd = SHA256Hasher()
  private var lineEnd = 0
  private(set) var count = 0
  /// The first bytes, at most `InputFacts.keptBeginning` of them.
  private(set) var first: [UInt8] = []
  private(set) var prefixes = PrefixDigests()

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
    while count + piece.count - at >= prefixes.next {
      let end = at + prefixes.next - count
      hasher.update(ByteView(rebasing: piece[at..<end]))
      count = prefixes.next
      at = end
      prefixes.add(digest)
    }
    hasher.update(ByteView(rebasing: piece[at...]))
    count += piece.count - at
  }

  /// The digest of all bytes so far.
  var digest: Digest256 { hasher.copy().finalize() }

  /// The digest of the first `length` bytes; nil if nobody knows it any more.
  func digest(ofFirst length: Int) -> Digest256? {
    if length == count { return digest }
    return length == lineEnd ? atLineEnd.copy().finalize() : nil
  }
}
