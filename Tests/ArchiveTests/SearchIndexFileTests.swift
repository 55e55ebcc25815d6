import Bytes
import Foundation
import History
import TestSupport
import Testing

@testable import Archive

@Suite struct SearchIndexFileTests {
  /// A file of one part without members, and this at its end.
  private func file(_ magic: String) -> [UInt8] {
    func little(_ number: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
    let block = little(UInt32(0)) + little(UInt32(0))
    let directory =
      little(UInt64(1)) + little(UInt32(0)) + little(UInt32(0)) + little(UInt64(0))
      + little(UInt64(block.count))
    return block + directory + little(UInt64(1)) + little(UInt64(block.count)) + Array(magic.utf8)
  }

  /// What the first format does not have, the keys that events name themselves, it must not rule out.
  @Test(arguments: [("TMINDEX2", true), ("TMINDEX1", false)])
  func aFileSaysWhetherItKnowsTheKeysOfEvents(_ magic: String, _ knows: Bool) throws {
    try file(magic).withUnsafeBufferPointer { bytes in
      let file = try #require(try SearchIndexFile(IndexPieces(bytes)))
      let entry = try #require(file.entries.first)
      let block = ByteView(rebasing: bytes[entry.start..<entry.start + entry.length])
      #expect(file.entries.count == 1 && file.index(block)?.hasEventKeys == knows)
    }
  }

  @Test(arguments: ["TMINDEX3", "TMINDEX", ""]) func othersAreNone(_ magic: String) throws {
    let found = try file(magic).withUnsafeBufferPointer { try SearchIndexFile(IndexPieces($0)) }
    #expect(found == nil)
  }

  /// Whoever commits an index can write anything into it: whatever that is, it is read or refused.
  @Test func whateverAFileHoldsItIsReadOrRefused() throws {
    let archive = try OnePart(PartLinesTests.many)
    let row = try #require(try LiveFiles(archive.history).all(.index).first).row
    let good = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: archive.path + "/" + row.path)))
    let content = try #require(HashedBlocks.content(ofFile: good.count))
    var random = SeededGenerator(seed: 11)
    var read = 0
    for _ in 0..<4000 {
      var bytes = Array(good[..<content])
      for _ in 0...random.next(below: 4) {
        // Numbers stand at the beginning, in the directory and in the footer.
        let isAtEnd = random.chance(50)
        let place = isAtEnd ? content - 1 - random.next(below: 80) : random.next(below: 120)
        bytes[place] = random.pick([0, 1, 0x7F, 0x80, 0xFF, UInt8(random.next(below: 256))])
      }
      if random.chance(10) { bytes.removeLast(random.next(below: bytes.count)) }
      read += try bytes.withUnsafeBufferPointer(members)
    }
    #expect(read > 0)
  }

  /// How many members a content speaks of, each of which is asked for something.
  private func members(_ bytes: ByteView) throws -> Int {
    guard let file = try SearchIndexFile(IndexPieces(bytes)) else { return 0 }
    var count = 0
    for entry in file.entries {
      let block = ByteView(rebasing: bytes[entry.start..<entry.start + entry.length])
      guard let index = file.index(block) else { continue }
      for number in 0..<index.count {
        _ = index.mayContain(UInt64(number), isBlock: number % 2 == 0, inMember: number)
        count += index.member(number).records >= 0 ? 1 : 0
      }
    }
    return count
  }
}
