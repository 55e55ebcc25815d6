import Bytes
import Testing

struct BinaryFuseFilterTests {
  private func keys(_ count: Int, seed: UInt64) -> [UInt64] {
    var state = seed
    return (0..<count).map { _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
      return mixed ^ mixed >> 31
    }
  }

  private func filter(_ keys: [UInt64]) throws -> [UInt8] {
    var buffer = ByteBuffer()
    let isBuilt = keys.withUnsafeBufferPointer { BinaryFuseFilter.append($0, to: &buffer) }
    try #require(isBuilt)
    return buffer.bytes
  }

  private func mayContain(_ key: UInt64, _ filter: [UInt8]) -> Bool {
    filter.withUnsafeBufferPointer { BinaryFuseFilter.mayContain(key, $0) }
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 7, 10, 33, 100, 517, 1000, 4096, 20_000, 300_000])
  func holdsWhatIsInAndLittleElse(_ count: Int) throws {
    let inside = keys(count, seed: 1)
    let filter = try filter(inside)
    #expect(inside.allSatisfy { mayContain($0, filter) })
    #expect(filter.withUnsafeBufferPointer { BinaryFuseFilter.length($0) } == filter.count)
    let strangers = keys(100_000, seed: 99).filter { mayContain($0, filter) }.count
    // One in 256 is 391; the deviation of that is 20.
    #expect(strangers < 391 + 6 * 20)
    if count >= 4096 { #expect(Double(filter.count * 8) / Double(count) < 11.1) }
  }

  @Test(arguments: [1, 5, 100, 3000, 20_000])
  func fourBitsTakeHalfAndAreWrongOnceInSixteen(_ count: Int) throws {
    let inside = keys(count, seed: 5)
    var buffer = ByteBuffer()
    let isBuilt = inside.withUnsafeBufferPointer {
      BinaryFuseFilter.append($0, .four, to: &buffer)
    }
    try #require(isBuilt)
    let filter = buffer.bytes
    #expect(inside.allSatisfy { mayContain($0, filter) })
    #expect(filter.withUnsafeBufferPointer { BinaryFuseFilter.length($0) } == filter.count)
    #expect(try self.filter(inside).count - 8 == 2 * (filter.count - 8))
    #expect(keys(100_000, seed: 99).filter { mayContain($0, filter) }.count < 6250 + 6 * 80)
  }

  @Test func keysThatAreCloseTogetherAreNoHarder() throws {
    let inside = (0..<5000).map { UInt64($0) }
    let filter = try filter(inside)
    #expect(inside.allSatisfy { mayContain($0, filter) })
    #expect((5000..<105_000).filter { mayContain(UInt64($0), filter) }.count < 600)
  }

  @Test func theOrderOfTheKeysDecidesNothing() throws {
    let inside = keys(700, seed: 3)
    let expected = try filter(inside)
    #expect(try filter(inside.reversed()) == expected)
    #expect(try filter(inside.sorted()) == expected)
  }

  @Test func keysThatAreAlikeAreRefused() {
    var buffer = ByteBuffer()
    let isBuilt = [1, 2, 2].withUnsafeBufferPointer { BinaryFuseFilter.append($0, to: &buffer) }
    #expect(!isBuilt && buffer.count == 0)
  }

  @Test func whatIsNoFilterRulesNothingOut() throws {
    let good = try filter(keys(50, seed: 1))
    for length in 0..<good.count { #expect(mayContain(7, Array(good.prefix(length)))) }
    for place in 0..<8 {
      for value in [0, 1, 13, 14, 255] as [UInt8] {
        var bad = good
        bad[place] = value
        _ = mayContain(7, bad)
      }
    }
  }
}
