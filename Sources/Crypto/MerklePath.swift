public import Bytes
/// The audit path of RFC 6962, section 2.1.1: with it the hash of one leaf leads to that of the tree.
///
/// It holds the hash of the node beside each node on the way up, 64 digests at the very most.
///
/// That a root comes out proves where the leaf lies in a tree of `treeSize` leaves, but not that the
/// tree has so many: the first of three leaves and the first of four have paths of the same form.
/// Whoever checks a path takes the size from where the root comes from, and compares.
public struct MerklePath: Equatable, Sendable {
  /// Number of leaves before this one.
  public let leafIndex: UInt64
  /// Number of leaves in the tree.
  public let treeSize: UInt64
  /// The hashes beside the way, from the leaf up.
  public let nodes: [Digest256]

  /// A path as it was written down; `root` tells whether the three fit together.
  public init(leafIndex: UInt64, treeSize: UInt64, nodes: [Digest256]) {
    self.leafIndex = leafIndex
    self.treeSize = treeSize
    self.nodes = nodes
  }

  /// The path of a leaf in the tree of all these; nil if there is no such leaf. Takes a hash for
  /// every leaf, and memory for some 64 digests.
  public static func path(
    leafIndex: Int, leafHashes: UnsafeBufferPointer<Digest256>
  ) -> MerklePath? {
    guard let index = UInt64(exactly: leafIndex),
      var builder = MerklePathBuilder(leafIndex: index, treeSize: UInt64(leafHashes.count))
    else { return nil }
    for hash in leafHashes { builder.append(leafHash: hash) }
    return builder.finish()
  }

  /// The tree's hash that follows from that of the leaf; nil if no tree of `treeSize` leaves has such
  /// a leaf, or its path more or fewer nodes. The algorithm of RFC 9162, section 2.1.3.2.
  public func root(leafHash: Digest256) -> Digest256? {
    guard leafIndex < treeSize else { return nil }
    // The place of the node on the way, and of the last node, among those of the same height.
    var place = leafIndex
    var last = treeSize - 1
    var node = leafHash
    for beside in nodes {
      guard last > 0 else { return nil }
      if place & 1 == 1 || place == last {
        node = MerkleAccumulator.parent(beside, node)
        // The last node rises as it is while there is none beside it.
        let lonely = place.trailingZeroBitCount
        place >>= lonely
        last >>= lonely
      } else {
        node = MerkleAccumulator.parent(node, beside)
      }
      place >>= 1
      last >>= 1
    }
    return last == 0 ? node : nil
  }
}

/// Takes the audit path of one leaf from leaves that come one by one, while holding some 64 digests.
public struct MerklePathBuilder: Sendable {
  /// Leaves that follow each other and have one node above them: the leaf that is looked for, or a
  /// subtree beside its way.
  private struct Stretch {
    let leaves: UInt64
    /// Where the hash belongs in `nodes`; nil for the leaf itself, which is no part of its path.
    let slot: Int?
  }

  /// Number of leaves before the one that is looked for.
  public let leafIndex: UInt64
  /// Number of leaves that have to come.
  public let treeSize: UInt64
  /// Number of leaves that came.
  public private(set) var count: UInt64 = 0
  /// The stretches that are not complete, in the order of their leaves from the end.
  private var ahead: [Stretch]
  private var subtree = MerkleAccumulator()
  private var nodes: [Digest256]

  /// A path of a leaf among `treeSize`, none of which has come; nil if there is no such leaf.
  public init?(leafIndex: UInt64, treeSize: UInt64) {
    guard leafIndex < treeSize else { return nil }
    self.leafIndex = leafIndex
    self.treeSize = treeSize
    let (before, after) = Self.besides(leafIndex, treeSize)
    let height = before.count + after.count
    func stretch(_ beside: (leaves: UInt64, depth: Int)) -> Stretch {
      Stretch(leaves: beside.leaves, slot: height - 1 - beside.depth)
    }
    // Those before the leaf grow smaller towards it, those after it larger.
    ahead =
      after.map(stretch) + [Stretch(leaves: 1, slot: nil)] + before.reversed().map(stretch)
    nodes = Array(repeating: Digest256(0, 0, 0, 0), count: height)
  }

  /// The subtrees beside the way from the root down to a leaf, with their depth.
  private static func besides(
    _ leafIndex: UInt64, _ treeSize: UInt64
  ) -> (before: [(leaves: UInt64, depth: Int)], after: [(leaves: UInt64, depth: Int)]) {
    var before: [(leaves: UInt64, depth: Int)] = []
    var after: [(leaves: UInt64, depth: Int)] = []
    var place = leafIndex
    var size = treeSize
    while size > 1 {
      let depth = before.count + after.count
      // The largest power of two that is smaller than the size.
      let left: UInt64 = 1 << UInt64(63 - (size - 1).leadingZeroBitCount)
      if place < left {
        after.append((size - left, depth))
        size = left
      } else {
        before.append((left, depth))
        place -= left
        size -= left
      }
    }
    return (before, after)
  }

  /// Takes the next leaf. Those beyond `treeSize` are counted, and leave no path.
  public mutating func append(leafHash: Digest256) {
    count += 1
    guard let stretch = ahead.last else { return }
    subtree.append(leafHash: leafHash)
    guard subtree.count == stretch.leaves else { return }
    if let slot = stretch.slot { nodes[slot] = subtree.root }
    subtree = MerkleAccumulator()
    ahead.removeLast()
  }

  /// The path; nil unless exactly `treeSize` leaves came.
  public func finish() -> MerklePath? {
    guard count == treeSize else { return nil }
    return MerklePath(leafIndex: leafIndex, treeSize: treeSize, nodes: nodes)
  }
}
