import Bytes
import TestSupport
import Testing

/// 32 bytes that look as random as a digest.
private func digest(_ number: UInt64) -> [UInt8] {
  var generator = SeededGenerator(seed: number &* 0xD134_2543_DE82_EF95)
  return (0..<4).flatMap { _ in withUnsafeBytes(of: generator.next().littleEndian) { Array($0) } }
}

/// Lends the 32 bytes of a digest.
private func lend<Result>(_ digest: [UInt8], _ body: (UnsafePointer<UInt8>) -> Result) -> Result {
  precondition(digest.count == 32)
  return digest.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("an empty digest") }
    return body(base)
  }
}

@Suite struct DigestSetTests {
  @Test func agreesWithASet() {
    var generator = SeededGenerator(seed: 7)
    var set = DigestSet()
    var expected: Set<[UInt8]> = []
    for _ in 0..<60_000 {
      let digest = digest(UInt64.random(in: 0..<40_000, using: &generator))
      #expect(lend(digest) { set.contains($0) } == expected.contains(digest))
      #expect(lend(digest) { set.insert($0) } == expected.insert(digest).inserted)
    }
    #expect(set.count == expected.count)
    var strangers = 0
    for number in UInt64(50_000)..<51_000 where lend(digest(number), { set.contains($0) }) {
      strangers += 1
    }
    #expect(strangers == 0)
  }

  @Test func tellsDigestsApartThatDifferInOneByte() {
    for base in [[UInt8](repeating: 0, count: 32), digest(1)] {
      var set = DigestSet()
      #expect(lend(base) { set.insert($0) })
      for at in 0..<DigestSet.digestBytes {
        var other = base
        other[at] ^= 1
        #expect(!lend(other) { set.contains($0) })
        #expect(lend(other) { set.insert($0) })
        #expect(!lend(other) { set.insert($0) })
      }
      #expect(!lend(base) { set.insert($0) })
      #expect(set.count == DigestSet.digestBytes + 1)
    }
  }

  @Test func takesTheDigestOfZeros() {
    let zeros = [UInt8](repeating: 0, count: 32)
    var set = DigestSet()
    #expect(!lend(zeros) { set.contains($0) })
    #expect(lend(zeros) { set.insert($0) })
    #expect(lend(zeros) { set.contains($0) })
    #expect(!lend(zeros) { set.insert($0) })
    #expect(set.count == 1)
  }

  @Test func looksAtTheFirstTwentyBytesOnly() {
    var set = DigestSet()
    var other = digest(1)
    other[20] ^= 1
    #expect(lend(digest(1)) { set.insert($0) })
    #expect(!lend(other) { set.insert($0) })
  }

  /// Digests that all want one place in one shard: slow, but right.
  @Test func copesWithClusters() {
    var set = DigestSet()
    for number in 0..<2000 {
      var clustered = [UInt8](repeating: 0xFF, count: 32)
      clustered[1] = UInt8(number & 0xFF)
      clustered[2] = UInt8(number >> 8)
      #expect(lend(clustered) { set.insert($0) })
      #expect(!lend(clustered) { set.insert($0) })
    }
    #expect(set.count == 2000)
  }

  @Test func takesAtMost48BytesADigestEvenWhileItGrows() {
    var set = DigestSet()
    var worst = 0.0
    var bytes = [UInt8](repeating: 0, count: 32)
    var generator = SeededGenerator(seed: 8)
    bytes.withUnsafeMutableBytes { digest in
      guard let base = digest.bindMemory(to: UInt8.self).baseAddress else { return }
      for number in 1...2_000_000 {
        for word in 0..<4 {
          digest.storeBytes(of: generator.next(), toByteOffset: word * 8, as: UInt64.self)
        }
        _ = set.insert(base)
        if number >= 50_000 { worst = max(worst, Double(set.peakMemoryBytes) / Double(number)) }
      }
    }
    #expect(set.count == 2_000_000)
    #expect(worst <= 48)
    #expect(worst > 40)
    #expect(set.memoryBytes <= set.peakMemoryBytes)
  }

  @Test func startsSmall() {
    var set = DigestSet()
    #expect(set.memoryBytes < 10_000)
    for number in UInt64(0)..<7000 { _ = lend(digest(number)) { set.insert($0) } }
    #expect(set.peakMemoryBytes < 340_000)
  }
}
