import Bytes
import TestSupport
import Testing

@Suite struct ByteTableTests {
  @Test func findsWhatWasInserted() {
    var table = ByteTable<Int>()
    #expect(withBytes("a") { table.insert($0, 1) } == nil)
    #expect(withBytes("b") { table.insert($0, 2) } == nil)
    #expect(withBytes("a") { table.find($0) } == 1)
    #expect(withBytes("b") { table.find($0) } == 2)
    #expect(withBytes("ab") { table.find($0) } == nil)
    #expect(table.count == 2)
  }

  @Test func keepsTheFirstValueUnlessUpdated() {
    var table = ByteTable<Int>()
    withBytes("a") { key in
      #expect(table.insert(key, 1) == nil)
      #expect(table.insert(key, 2) == 1)
      #expect(table.find(key) == 1)
      #expect(table.update(key, 3) == 1)
      #expect(table.find(key) == 3)
    }
    #expect(withBytes("new") { table.update($0, 7) } == nil)
    #expect(withBytes("new") { table.find($0) } == 7)
    #expect(table.count == 2)
  }

  @Test func takesAnyBytesAsAKey() {
    var table = ByteTable<UInt8>()
    let long = String(repeating: "x", count: 100_000)
    let keys = ["", "\0", "\0\0", "é", "e\u{301}", long, long + "y"]
    for (index, key) in keys.enumerated() { withBytes(key) { _ = table.insert($0, UInt8(index)) } }
    #expect(table.count == keys.count)
    for (index, key) in keys.enumerated() {
      #expect(withBytes(key) { table.find($0) } == UInt8(index))
    }
    #expect(table.find(ByteView(start: nil, count: 0)) == 0)
  }

  @Test func agreesWithADictionaryWhileItGrows() {
    var generator = SeededGenerator(seed: 6)
    var table = ByteTable<UInt64>()
    var expected: [String: UInt64] = [:]
    for _ in 0..<50_000 {
      let key = String(UInt32.random(in: 0..<40_000, using: &generator), radix: 36)
      let value = generator.next()
      let previous = withBytes(key) { table.insert($0, value) }
      #expect(previous == expected[key])
      if previous == nil { expected[key] = value }
    }
    #expect(table.count == expected.count)
    let isSame = expected.allSatisfy { key, value in withBytes(key) { table.find($0) } == value }
    #expect(isSame)
    #expect(
      (0..<1000).allSatisfy { number in withBytes("absent-\(number)") { table.find($0) } == nil })
  }

  @Test func saysWhatItTakes() {
    var table = ByteTable<UInt64>()
    let empty = table.memoryBytes
    for number in 0..<10_000 { withBytes("key-\(number + 10_000)") { _ = table.insert($0, 0) } }
    #expect(empty < 4096)
    #expect(table.memoryBytes >= 10_000 * (9 + 8 + 8 + 8))
    #expect(table.memoryBytes <= 10_000 * 100)
  }
}
