import Crypto
import Bytes
import TestSupport
import Testing

@Suite struct SHA256Tests {
  // FIPS 180-4 examples.
  static let vectors = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]

  @Test(arguments: vectors) func publishedVectors(_ text: String, _ expected: String) {
    #expect(withBytes(text) { SHA256.digest($0) }.hex == expected)
    var pieces = SHA256Hasher()
    for byte in text.utf8 { pieces.update(byte) }
    #expect(pieces.finalize().hex == expected)
  }

  @Test func aPrefixIsPartOfTheMessage() {
    #expect(withBytes("bc") { SHA256.digest(prefix: 97, $0) }.hex == Self.vectors[1].1)
  }
}

@Suite struct Digest256Tests {
  @Test func hexComesBack() throws {
    let text = "00ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dfe"
    let digest = try #require(withBytes(text) { Digest256(hex: $0) })
    #expect(digest.hex == text)
    #expect(digest.withBytes { Array($0) } == bytes(hex: text))
    #expect(digest.withBytes { Digest256($0) } == digest)
    #expect(withBytes(text.uppercased()) { Digest256(hex: $0) } == digest)
  }

  @Test(arguments: ["", "00", String(repeating: "0", count: 63), String(repeating: "g", count: 64)])
  func anythingElseIsRefused(_ text: String) {
    #expect(withBytes(text) { Digest256(hex: $0) } == nil)
  }

  @Test func ordersAsItsBytes() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<200 {
      var left = [UInt8](repeating: 7, count: 32)
      var right = left
      let place = Int.random(in: 0..<32, using: &generator)
      left[place] = .random(in: 0...255, using: &generator)
      right[place] = .random(in: 0...255, using: &generator)
      let ordered = left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          Digest256(left).flatMap { left in Digest256(right).map { left < $0 } }
        }
      }
      #expect(ordered == left.lexicographicallyPrecedes(right))
    }
  }
}

@Suite struct MerkleAccumulatorTests {
  @Test func aTreeGoesOnFromItsSubtrees() throws {
    var whole = MerkleAccumulator()
    var resumed = MerkleAccumulator()
    for index in 0..<70 {
      withBytes("leaf \(index)") { whole.append(leaf: $0) }
      withBytes("leaf \(index)") { resumed.append(leaf: $0) }
      #expect(resumed.root == whole.root && resumed.count == whole.count)
      resumed = try #require(MerkleAccumulator(count: whole.count, subtrees: whole.subtrees))
    }
    #expect(MerkleAccumulator(count: 71, subtrees: whole.subtrees) == nil)
  }

  // The leaves and roots of Certificate Transparency's reference tests.
  static let leaves = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ]
  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test func publishedVectors() {
    var tree = MerkleAccumulator()
    #expect(tree.root.hex == Self.roots[0])
    for (index, leaf) in Self.leaves.enumerated() {
      bytes(hex: leaf).withUnsafeBufferPointer { tree.append(leaf: $0) }
      #expect(tree.count == UInt64(index + 1))
      #expect(tree.root.hex == Self.roots[index + 1])
    }
  }

  @Test func agreesWithTheDefinition() {
    func root(_ hashes: ArraySlice<Digest256>) -> Digest256 {
      if hashes.count == 1 { return hashes[hashes.startIndex] }
      var split = 1
      while split * 2 < hashes.count { split *= 2 }
      let middle = hashes.startIndex + split
      let both =
        root(hashes[..<middle]).withBytes { Array($0) }
        + root(hashes[middle...]).withBytes { Array($0) }
      return both.withUnsafeBufferPointer { SHA256.digest(prefix: 1, $0) }
    }
    var tree = MerkleAccumulator()
    var hashes: [Digest256] = []
    for index in 0..<130 {
      hashes.append(withBytes("leaf \(index)") { MerkleAccumulator.leafHash($0) })
      tree.append(leafHash: hashes[index])
      #expect(tree.root == root(hashes[...]))
    }
  }
}
