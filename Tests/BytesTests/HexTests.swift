import Bytes
import TestSupport
import Testing

@Suite struct HexTests {
  @Test func writesTwoLowerCaseDigitsAByte() {
    #expect(Hex.string([]) == "")
    #expect(Hex.string([0x00, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
    var buffer = ByteBuffer()
    buffer.append("x=")
    [UInt8]([0xDE, 0xAD]).withUnsafeBufferPointer { Hex.append($0, to: &buffer) }
    #expect(buffer.text == "x=dead")
  }

  @Test func readsWhatItWrote() {
    let all = (0...255).map { UInt8($0) }
    #expect(withBytes(Hex.string(all)) { Hex.decode($0) } == all)
    #expect(withBytes(Hex.string(all).uppercased()) { Hex.decode($0) } == all)
    #expect(withBytes("") { Hex.decode($0) } == [])
  }

  @Test(arguments: ["0", "abc", "0g", "g0", " 00", "0x00", "00\n", "é", "-1"])
  func refusesAnythingElse(text: String) {
    #expect(withBytes(text) { Hex.decode($0) } == nil)
  }

  @Test func knowsTheValueOfADigit() {
    let digits = "0123456789abcdefABCDEF"
    let valid = Set(digits.utf8)
    for byte in UInt8.min...UInt8.max {
      let expected = valid.contains(byte) ? String(UnicodeScalar(byte)) : nil
      #expect(Hex.digit(byte) == expected.flatMap { UInt8($0, radix: 16) })
    }
  }
}
