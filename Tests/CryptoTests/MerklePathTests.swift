import Crypto
import Bytes
import TestSupport
import Testing

@Suite struct MerklePathTests {
  static let hashes: [Digest256] = (0..<131).map { index in
    withBytes("leaf \(index)") { MerkleAccumulator.leafHash($0) }
  }

  func made(_ index: Int, _ hashes: [Digest256]) -> MerklePath? {
    hashes.withUnsafeBufferPointer { MerklePath.path(leafIndex: index, leafHashes: $0) }
  }

  func root(_ hashes: [Digest256]) -> Digest256 {
    var tree = MerkleAccumulator()
    for hash in hashes { tree.append(leafHash: hash) }
    return tree.root
  }

  /// The definition of RFC 6962, section 2.1.1, to the letter.
  func definition(_ index: Int, _ hashes: ArraySlice<Digest256>) -> [Digest256] {
    guard hashes.count > 1 else { return [] }
    var split = 1
    while split * 2 < hashes.count { split *= 2 }
    let middle = hashes.startIndex + split
    return index < split
      ? definition(index, hashes[..<middle]) + [root(Array(hashes[middle...]))]
      : definition(index - split, hashes[middle...]) + [root(Array(hashes[..<middle]))]
  }

  /// On which side the nodes of a path stand, from the leaf up: what a path says of its place.
  func sides(_ index: Int, _ size: Int) -> [Bool] {
    guard size > 1 else { return [] }
    var split = 1
    while split * 2 < size { split *= 2 }
    return index < split
      ? sides(index, split) + [false] : sides(index - split, size - split) + [true]
  }

  @Test(arguments: 1...130) func leadsToTheRoot(_ size: Int) throws {
    let hashes = Array(Self.hashes.prefix(size))
    let root = root(hashes)
    for index in 0..<size {
      let path = try #require(made(index, hashes))
      #expect(path.leafIndex == UInt64(index) && path.treeSize == UInt64(size))
      #expect(path.nodes == definition(index, hashes[...]))
      #expect(path.root(leafHash: hashes[index]) == root)
      #expect(path.root(leafHash: Self.hashes[size]) != root)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 13, 31, 33, 64, 100, 130])
  func nothingElseLeadsToTheRoot(_ size: Int) throws {
    let hashes = Array(Self.hashes.prefix(size))
    let root = root(hashes)
    for index in 0..<size {
      let path = try #require(made(index, hashes))
      func leads(_ index: Int, _ size: Int, _ nodes: [Digest256]) -> Bool {
        MerklePath(leafIndex: UInt64(index), treeSize: UInt64(size), nodes: nodes)
          .root(leafHash: hashes[Int(path.leafIndex)]) == root
      }
      for slot in path.nodes.indices {
        var nodes = path.nodes
        let words = nodes[slot].words
        nodes[slot] = Digest256(words.0, words.1, words.2, words.3 ^ 1)
        #expect(!leads(index, size, nodes))
      }
      for other in 0..<size + 2 where other != index {
        #expect(!leads(other, size, path.nodes), "\(index) as \(other) of \(size)")
      }
    }
  }

  /// A path does not bind the size of its tree: another leads to the same root exactly if the way up
  /// goes the same sides.
  @Test func anotherSizeLeadsThereOnlyByTheSameWay() throws {
    for size in 1...40 {
      let hashes = Array(Self.hashes.prefix(size))
      let root = root(hashes)
      for index in 0..<size {
        let path = try #require(made(index, hashes))
        for other in 0...80 where other != size {
          let changed = MerklePath(
            leafIndex: path.leafIndex, treeSize: UInt64(other), nodes: path.nodes)
          let isSameWay = index < other && sides(index, other) == sides(index, size)
          #expect((changed.root(leafHash: hashes[index]) == root) == isSameWay)
        }
      }
    }
  }

  @Test func aPathOfAnotherLengthHasNoRoot() throws {
    for size in 1...40 {
      let hashes = Array(Self.hashes.prefix(size))
      for index in 0..<size {
        let path = try #require(made(index, hashes))
        let longer = path.nodes + [Self.hashes[0]]
        for nodes in [longer, longer + longer]
          + path.nodes.indices.map({ Array(path.nodes[..<$0]) })
        {
          let changed = MerklePath(
            leafIndex: path.leafIndex, treeSize: path.treeSize, nodes: nodes)
          #expect(changed.root(leafHash: hashes[index]) == nil)
        }
      }
    }
  }

  @Test func extremesAreBorne() {
    let leaf = Self.hashes[0]
    let sizes: [UInt64] = [0, 1, 2, 1 << 63, (1 << 63) + 1, .max - 1, .max]
    for size in sizes {
      for index in sizes + sizes.map({ $0 &- 1 }) {
        for count in 0...66 {
          let path = MerklePath(
            leafIndex: index, treeSize: size, nodes: Array(repeating: leaf, count: count))
          #expect(path.root(leafHash: leaf) == nil || index < size && count <= 64)
        }
        #expect((MerklePathBuilder(leafIndex: index, treeSize: size) != nil) == (index < size))
      }
    }
  }

  @Test func thereIsNoPathOfALeafThatIsNotThere() {
    #expect(made(0, []) == nil)
    for index in [-1, 3, 4, Int.max, Int.min] {
      #expect(made(index, Array(Self.hashes.prefix(3))) == nil)
    }
  }

  @Test func aBuilderWantsAllLeavesAndNoMore() throws {
    for size in 1...20 {
      for index in 0..<size {
        var builder = try #require(
          MerklePathBuilder(leafIndex: UInt64(index), treeSize: UInt64(size)))
        for came in 0..<size {
          #expect(builder.count == UInt64(came) && builder.finish() == nil)
          builder.append(leafHash: Self.hashes[came])
        }
        #expect(builder.finish() == made(index, Array(Self.hashes.prefix(size))))
        builder.append(leafHash: Self.hashes[size])
        #expect(builder.finish() == nil)
      }
    }
  }

  // The inclusion proofs of Certificate Transparency's reference tests, over the leaves that
  // `MerkleAccumulatorTests` has.
  static let vectors = [
    (0, 1, []),
    (
      0, 8,
      [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ]
    ),
    (
      5, 8,
      [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ]
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
      1, 5,
      [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      ]
    ),
  ]

  @Test(arguments: vectors)
  func publishedVectors(_ index: Int, _ size: Int, _ nodes: [String]) throws {
    let hashes = MerkleAccumulatorTests.leaves.prefix(size).map { leaf in
      bytes(hex: leaf).withUnsafeBufferPointer { MerkleAccumulator.leafHash($0) }
    }
    let path = try #require(made(index, hashes))
    #expect(path.nodes.map(\.hex) == nodes)
    #expect(path.root(leafHash: hashes[index])?.hex == MerkleAccumulatorTests.roots[size])
  }
}
