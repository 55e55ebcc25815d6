import Bytes
import Testing

@testable import Intake

@Suite struct ExcerptReasonTests {
  @Test func reasonsAreReadAsTheyWereWritten() throws {
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let read = try #require(
      ExcerptReason("longer than max_record (2 bytes): 3 bytes, sha256 \(digest)"))
    #expect(read.cause == "longer than max_record (2 bytes)")
    #expect(read.length == 3)
    #expect(read.digest.hex == digest)
    let rest = ExcerptReason("a: bad, number; the rest of the input: 3 bytes, sha256 \(digest)")
    #expect(rest?.cause == "a: bad, number; the rest of the input")
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
