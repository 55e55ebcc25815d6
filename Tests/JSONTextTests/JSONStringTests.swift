import Bytes
import JSONText
import TestSupport
import Testing

private func unescaped(_ content: [UInt8]) -> [UInt8] {
  var buffer = ByteBuffer()
  _ = content.withUnsafeBufferPointer { JSONString.unescape($0, into: &buffer) }
  return buffer.bytes
}

private func isExact(_ content: String) -> Bool {
  var buffer = ByteBuffer()
  return withBytes(content) { JSONString.unescape($0, into: &buffer) }
}

private func quoted(_ text: [UInt8]) -> [UInt8] {
  var buffer = ByteBuffer()
  text.withUnsafeBufferPointer { JSONString.append(quoting: $0, to: &buffer) }
  return buffer.bytes
}

@Suite struct JSONStringTests {
  @Test(
    arguments: [
      ("", ""), ("plain", "plain"), (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"),
      (#"\b\f\n\r\t"#, "\u{8}\u{C}\n\r\t"), (#"\u0041"#, "A"), (#"\u0000"#, "\0"),
      (#"a\u00e9b"#, "aéb"), (#"\u20AC"#, "€"), (#"\uD83D\uDE00"#, "😀"), (#"\ud83d\ude00x"#, "😀x"),
      (#"\uD800\uDC00"#, "\u{10000}"), (#"\uDBFF\uDFFF"#, "\u{10FFFF}"), (#"\uFFFF"#, "\u{FFFF}"),
      (#"\\u0041"#, #"\u0041"#), ("é€😀", "é€😀"),
    ])
  func unescapes(_ content: String, _ text: String) {
    #expect(isExact(content))
    #expect(unescaped(Array(content.utf8)) == Array(text.utf8))
  }

  @Test(
    arguments: [
      (#"\uD800"#, "\u{FFFD}"), (#"\uDC00"#, "\u{FFFD}"), (#"\uD800x"#, "\u{FFFD}x"),
      (#"\uD800\u0041"#, "\u{FFFD}A"), (#"\uD800\n"#, "\u{FFFD}\n"),
      (#"\uDC00\uD800"#, "\u{FFFD}\u{FFFD}"), (#"\uD800\uD800\uDC00"#, "\u{FFFD}\u{10000}"),
      (#"\uD800\uDBFF"#, "\u{FFFD}\u{FFFD}"), (#"\uDFFF\uDFFF"#, "\u{FFFD}\u{FFFD}"),
      (#"\uD83D\\uDE00"#, "\u{FFFD}\\uDE00"),
    ])
  func aSurrogateAloneBecomesTheReplacementCharacter(_ content: String, _ text: String) {
    #expect(!isExact(content))
    #expect(unescaped(Array(content.utf8)) == Array(text.utf8))
  }

  /// What the scanner would have refused must still not lead out of the text.
  @Test(arguments: [
    #"\"#, #"a\"#, #"\u"#, #"\u1"#, #"\u12"#, #"\u123"#, #"\uD800\u"#, #"\uZZZZ"#, #"\x"#,
  ])
  func brokenEscapesDoNoHarm(_ content: String) {
    #expect(unescaped(Array(content.utf8)).count <= content.utf8.count + 3)
  }

  @Test func everyCodeUnitUnescapesToItsCharacter() throws {
    for unit in UInt32(0)...0xFFFF where unit & 0xF800 != 0xD800 {
      let hex = String(unit, radix: 16)
      let escape = "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      let scalar = try #require(Unicode.Scalar(unit))
      guard unescaped(Array(escape.utf8)) == Array(String(scalar).utf8) else {
        Issue.record("\(escape)")
        return
      }
    }
  }

  @Test(
    arguments: [
      ("", #""""#), ("a", #""a""#), ("\"", #""\"""#), ("\\", #""\\""#), ("/", #""/""#),
      ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#), ("\0\u{1F}", #""\u0000\u001f""#),
      ("\u{7F}", #""\u007f""#), ("\u{80}\u{9F}\u{A0}", "\"\\u0080\\u009f\u{A0}\""),
      ("é€😀", #""é€😀""#), ("\u{1B}[31m", #""\u001b[31m""#),
    ])
  func quotes(_ text: String, _ json: String) {
    #expect(quoted(Array(text.utf8)) == Array(json.utf8))
    var buffer = ByteBuffer()
    JSONString.append(quoting: text, to: &buffer)
    #expect(buffer.bytes == Array(json.utf8))
  }

  @Test(
    arguments: [
      ([0xFF], "\u{FFFD}"), ([0x61, 0xC3], "a\u{FFFD}"), ([0xC3, 0x28], "\u{FFFD}("),
      ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"), ([0xC0, 0x80], "\u{FFFD}\u{FFFD}"),
      ([0xE2, 0x82], "\u{FFFD}\u{FFFD}"), ([0xF0, 0x9F, 0x98, 0x80, 0x80], "😀\u{FFFD}"),
    ] as [([UInt8], String)])
  func whatIsNoUTF8IsReplaced(_ text: [UInt8], _ content: String) {
    #expect(quoted(text) == Array("\"\(content)\"".utf8))
  }

  @Test func quotingAnyTextRoundTrips() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<3000 {
      let text = randomText(&random)
      let json = quoted(text)
      let result = scanWhole(json)
      #expect(result.fault == .none)
      #expect(result.scan.end == json.count)
      #expect(!json.contains { $0 < 0x20 || $0 == 0x7F })
      guard unescaped(Array(json.dropFirst().dropLast())) == text else {
        Issue.record("\(text)")
        return
      }
    }
  }

  @Test func quotingAnyBytesGivesAString() {
    var random = SeededGenerator(seed: 12)
    for _ in 0..<3000 {
      let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      let json = quoted(bytes)
      guard scanWhole(json).fault == .none else {
        Issue.record("\(bytes)")
        return
      }
    }
  }

  private func randomText(_ random: inout SeededGenerator) -> [UInt8] {
    var text = ""
    for _ in 0..<Int.random(in: 0...30, using: &random) {
      let limit: UInt32 = random.pick([0x20, 0x80, 0xA0, 0x800, 0x10000, 0x110000])
      if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return Array(text.utf8)
  }
}
