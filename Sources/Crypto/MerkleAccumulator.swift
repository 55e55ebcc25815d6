public import Bytes

/// The Merkle tree hash of RFC 6962, section 2.1, over leaves that come one by one.
///
/// Only the roots of the complete subtrees are held, one for each bit that is set in the number of
/// leaves (a binary counter): 20 digests for a million leaves, 64 at the very most.
public struct MerkleAccumulator: Sendable {
  private static let leafPrefix: UInt8 = 0
  private static let nodePrefix: UInt8 = 1

  /// The roots of the complete subtrees, largest first: with `count`, all it takes to go on.
  public private(set) var subtrees: [Digest256] = []
  /// Number of leaves.
  public private(set) var count: UInt64 = 0

  /// A tree without leaves.
  public init() {}

  /// The tree of `count` leaves with these subtrees; nil if no such tree has that many of them.
  public init?(count: UInt64, subtrees: [Digest256]) {
    guard subtrees.count == count.nonzeroBitCount else { return nil }
    self.count = count
    self.subtrees = subtrees
  }

  /// The hash of a leaf with these contents.
  public static func leafHash(_ leaf: ByteView) -> Digest256 {
    SHA256.digest(prefix: leafPrefix, leaf)
  }

  /// Appends a leaf with these contents.
  public mutating func append(leaf: ByteView) {
    append(leafHash: Self.leafHash(leaf))
  }

  /// Appends a leaf whose hash is known.
  public mutating func append(leafHash: Digest256) {
    var node = leafHash
    for _ in 0..<(~count).trailingZeroBitCount {
      guard let left = subtrees.popLast() else { break }
      node = Self.parent(left, node)
    }
    subtrees.append(node)
    count += 1
  }

  /// The tree's hash; for a tree without leaves the SHA-256 of nothing.
  public var root: Digest256 {
    guard var node = subtrees.last else { return SHA256Hasher().finalize() }
    for left in subtrees.dropLast().reversed() { node = Self.parent(left, node) }
    return node
  }

  /// The hash of the node above two others.
  static func parent(_ left: Digest256, _ right: Digest256) -> Digest256 {
    var hasher = SHA256Hasher()
    hasher.update(nodePrefix)
    hasher.update(left)
    hasher.update(right)
    return hasher.finalize()
  }
}
