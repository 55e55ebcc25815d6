import Bytes
import JSONText
import TestSupport
import Testing

@Suite struct JSONNeedleTests {
  private func mayBeIn(_ json: String, _ text: String) -> Bool {
    let needle = JSONNeedle(Array(text.utf8))
    return withBytes(json) { needle.mayBeIn($0) }
  }

  @Test(
    arguments: [
      (#"{"a":"jane"}"#, "jane", true), (#"{"a":"jan"}"#, "jane", false),
      (#"{"a":"j\u0061ne"}"#, "jane", true), (#"{"a":"\u003cb\u003e \"q\" \n"}"#, "jane", false),
      (#"{"a":"\\u0061"}"#, "jane", false), (#"{"a":"\\\u0061"}"#, "jane", true),
      (#"{"a":"x\/y"}"#, "x/y", true), (#"{"a":"x\/y"}"#, "xy", false),
      (#"{"a":"\u00e9"}"#, "é", true), (#"{"a":"\u00e9"}"#, "f", false),
      (#"{"a":"\ud83d\ude00"}"#, "😀", true), (#"{"a":"\n"}"#, "\u{7}", true),
      (#"{"a":"b"}"#, "\u{7}", false), (#"{"a":"\""}"#, "\"", true), (#"{"a":12}"#, "12", true),
      (#"{"a":"\u00"}"#, "x", true), ("\\", "x", false), ("", "x", false), ("", "", true),
    ])
  func rulesOutWhatCannotBe(_ json: String, _ text: String, _ expected: Bool) {
    #expect(mayBeIn(json, text) == expected)
  }

  /// However a string is escaped, it is never ruled out.
  @Test func neverRulesOutWhatIsThere() {
    var random = SeededGenerator(seed: 7)
    let letters: [Character] = ["a", "b", "/", "\"", "\\", "é", "😀", "\n", "\u{1}", "u", "0"]
    for _ in 0..<5000 {
      let text = String((0..<Int(random.next() % 6)).map { _ in random.pick(letters) })
      let before = String((0..<Int(random.next() % 6)).map { _ in random.pick(letters) })
      let json = "{\"x\":\"" + escaped(before, &random) + escaped(text, &random) + "\"}"
      #expect(mayBeIn(json, text), "\(json) has \(text.debugDescription)")
    }
  }

  private func escaped(_ text: String, _ random: inout SeededGenerator) -> String {
    var json = ""
    for scalar in text.unicodeScalars {
      let isForced = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
      if isForced || random.chance(30) {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else if scalar == "/" && random.chance(50) {
        json += "\\/"
      } else {
        json.unicodeScalars.append(scalar)
      }
    }
    return json
  }
}
