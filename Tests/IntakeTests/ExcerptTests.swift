import Bytes
import Testing

@testable import Intake

@Suite struct ExcerptTests {
  private func excerpt(_ bytes: [UInt8]) -> Excerpt {
    var excerpt = Excerpt()
    bytes.withUnsafeBufferPointer { excerpt.add($0) }
    return excerpt
  }

  @Test func reasonsAreReadAsTheyAreWritten() throws {
    let tooLong = excerpt([0x61, 0x62, 0x63]).reason(limit: 2)
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(tooLong == "longer than max_record (2 bytes): 3 bytes, sha256 \(digest)")
    let read = try #require(ExcerptReason(tooLong))
    #expect(read.cause == "longer than max_record (2 bytes)")
    #expect(read.length == 3)
    #expect(read.text == tooLong)
    let rest = excerpt([0x61, 0x62, 0x63]).reason(fault: "a: bad, number")
    #expect(ExcerptReason(rest)?.cause == "a: bad, number; the rest of the input")
  }

  @Test(arguments: [
    "", "a bad number", "x: 3 bytes, sha256 ba78",
    "x: 3 bytes, sha256 BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
    "x: three bytes, sha256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  ]) func otherReasonsAreOfWholeItems(_ reason: String) {
    #expect(ExcerptReason(reason) == nil)
  }
}
