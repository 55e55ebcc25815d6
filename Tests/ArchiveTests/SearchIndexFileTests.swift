import Bytes
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
  func aFileSaysWhetherItKnowsTheKeysOfEvents(_ magic: String, _ knows: Bool) {
    file(magic).withUnsafeBufferPointer { bytes in
      let parts = SearchIndexFile(bytes)?.parts
      #expect(parts?.count == 1 && parts?.first?.index.hasEventKeys == knows)
    }
  }

  @Test(arguments: ["TMINDEX3", "TMINDEX", ""]) func othersAreNone(_ magic: String) {
    file(magic).withUnsafeBufferPointer { #expect(SearchIndexFile($0) == nil) }
  }
}
