import Bytes
import Testing

@testable import Trail

@Suite struct DisplayTextTests {
  private func shown(_ text: [UInt8]) -> (text: String, isChanged: Bool) {
    var buffer = ByteBuffer()
    let isChanged = text.withUnsafeBufferPointer { DisplayText.append($0, to: &buffer) }
    return (String(decoding: buffer.view, as: UTF8.self), isChanged)
  }

  @Test(arguments: [
    "jane@example.com", "", "zoë", "山田 太郎", "a \"quoted\" one", #"back\slash"#, "👩", "e\u{301}",
    "tab is no name, but a space is", String(repeating: "ä", count: 256),
  ]) func leavesHonestTextAlone(_ text: String) {
    let (shown, isChanged) = shown(Array(text.utf8))
    let isControl = text.unicodeScalars.contains { $0.value < 0x20 }
    #expect(isChanged == isControl)
    var quoted = text.replacing(#"\"#, with: #"\\"#)
    quoted = quoted.replacing("\"", with: "\\\"")
    #expect(shown == "\"\(quoted)\"")
  }

  @Test(
    arguments: [
      0x00, 0x07, 0x0A, 0x1B, 0x1F, 0x7F, 0x80, 0x9F, 0x61C, 0x200E, 0x200F, 0x202A, 0x202E, 0x2066,
      0x2069, 0x2028, 0x2029, 0x200B, 0x200C, 0x200D, 0x2060, 0xAD, 0xFEFF, 0xFE0F, 0x3164, 0x2800,
      0xE0001, 0xE0041, 0xE007F,
    ] as [UInt32]) func replacesWhatDeceives(_ code: UInt32) throws
  {
    let scalar = try #require(Unicode.Scalar(code))
    let (shown, isChanged) = shown(Array("a\(scalar)b".utf8))
    #expect(isChanged)
    #expect(shown == "\"a\u{FFFD}b\"")
  }

  @Test(
    arguments: [
      0x20, 0xA0, 0x61B, 0x61D, 0x200A, 0x2010, 0x2027, 0x202F, 0x205F, 0x2070, 0x2801, 0x3163,
    ]
      as [UInt32])
  func keepsTheirNeighbours(_ code: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(code))
    #expect(shown(Array("a\(scalar)b".utf8)).isChanged == false)
  }

  @Test func replacesWhatIsNoUTF8() {
    #expect(shown([0x61, 0xFF, 0x62]).text == "\"a\u{FFFD}b\"")
    #expect(shown([0x61, 0xE2, 0x80]).isChanged)
  }

  @Test(arguments: ["a", "ä", "\u{1F600}"]) func endsAfter256Characters(_ character: String) {
    let (long, isCut) = shown(Array(String(repeating: character, count: 257).utf8))
    #expect(isCut)
    #expect(long == "\"" + String(repeating: character, count: 256) + "\"")
  }

  @Test(arguments: [
    ("api::x", true), ("a.b-c_1::", true), ("::x", false), ("::", false), (":", false),
    ("a:b", false),
    ("a:", false), ("a b::x", false), ("ä::x", false), ("", false), ("api", false),
  ]) func anActorsFormNeedsASource(_ text: String, _ imitates: Bool) {
    let isImitation = Array(text.utf8).withUnsafeBufferPointer { DisplayText.imitatesActor($0) }
    #expect(isImitation == imitates)
  }
}
