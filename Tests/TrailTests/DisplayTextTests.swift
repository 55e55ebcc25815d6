import Bytes
import TestSupport
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
      0x20, 0xA1, 0x61B, 0x61D, 0x1681, 0x2010, 0x2027, 0x2030, 0x205E, 0x2070, 0x2801, 0x3001,
      0x3163,
    ]
      as [UInt32])
  func keepsTheirNeighbours(_ code: UInt32) throws {
    let scalar = try #require(Unicode.Scalar(code))
    #expect(shown(Array("a\(scalar)b".utf8)).isChanged == false)
  }

  /// Unicode's own properties decide: what is ignored by default, white space other than U+0020, what turns
  /// the direction, controls and separators. (And two kinds more: see `DeceptiveText`.)
  @Test func replacesWhatUnicodeSaysShowsNothing() {
    var wrong: [UInt32] = []
    for code in UInt32(0x80)...0x10FFFF {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let properties = scalar.properties
      let isHidden =
        properties.isDefaultIgnorableCodePoint || properties.isBidiControl
        || properties.isWhitespace
        || properties.generalCategory == .control
      let isExtra = code == 0x2800 || (0xFFF9...0xFFFB).contains(code)
      let expected = isHidden || isExtra ? "\"a\u{FFFD}b\"" : "\"a\(scalar)b\""
      if !shown(Array("a\(scalar)b".utf8)).text.utf8.elementsEqual(expected.utf8) {
        wrong.append(code)
      }
    }
    #expect(wrong.isEmpty, "\(wrong.map { String($0, radix: 16) })")
  }

  @Test(arguments: [
    (" jane", "jane"), ("jane  ", "jane"), ("  j ane ", "j ane"), ("\u{A0}jane", "\u{FFFD}jane"),
    (" \u{3000}jane ", "\u{FFFD}jane"),
    (String(repeating: "a", count: 255) + " b", String(repeating: "a", count: 255)),
    (" " + String(repeating: "ä", count: 256) + " ", String(repeating: "ä", count: 256)),
  ]) func neitherBeginsNorEndsWithWhiteSpace(_ text: String, _ expected: String) {
    let (shown, isChanged) = shown(Array(text.utf8))
    #expect(isChanged)
    #expect(shown == "\"\(expected)\"")
  }

  @Test func whiteSpaceAloneIsNobody() {
    for code in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(code) else { continue }
      let isBlank = withBytes(" \(scalar) ") { DisplayText.isBlank($0) }
      #expect(isBlank == scalar.properties.isWhitespace, "\(code)")
    }
    #expect(withBytes("") { DisplayText.isBlank($0) })
    #expect(withBytes(" \u{A0}x") { DisplayText.isBlank($0) } == false)
    #expect([0x20, 0xE3, 0x80].withUnsafeBufferPointer { DisplayText.isBlank($0) } == false)
  }

  @Test(arguments: [
    ("jane@example.com", true), (" jane@example.com ", true), ("jane@localhost", true),
    ("api::x", true), (" github::root", true), ("zoë@example.com\u{200B}", true),
    ("jane", false), ("@jane", false), ("jane@", false), ("jane @ work", false), ("a@b@c", false),
    ("jane@example.com's key", false), ("ci-deployer", false), ("", false), ("::x", false),
  ]) func aKeysNameCanPassForSomebody(_ name: String, _ passes: Bool) {
    #expect(withBytes(name) { DisplayText.passesForSomebody($0) } == passes)
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
    ("a:", false), ("a b::x", false), (" api::x", true), ("ä::x", false), ("", false),
    ("api", false),
  ]) func anActorsFormNeedsASource(_ text: String, _ imitates: Bool) {
    let isImitation = Array(text.utf8).withUnsafeBufferPointer { DisplayText.imitatesActor($0) }
    #expect(isImitation == imitates)
  }
}
