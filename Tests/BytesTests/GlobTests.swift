import Bytes
import TestSupport
import Testing

@Suite struct GlobTests {
  @Test(arguments: [
    ("", "", true), ("", "a", false), ("*", "", true), ("*", "any/thing", true), ("?", "", false),
    ("?", "é", true), ("??", "é", false), ("?", "𝄞", true), ("a?c", "abc", true),
    ("a?c", "ac", false), ("*.tf", "main.tf", true), ("*.tf", "main.tfx", false),
    ("stack*", "stackCreate", true), ("Stack*", "stackCreate", false), ("a*b*c", "aXbYbZc", true),
    ("a*b*c", "aXbYbZ", false), ("**", "x", true), ("*a*a*", "a", false), ("\\*", "*", true),
    ("\\*", "x", false), ("a\\?", "a?", true), ("a\\", "a\\", true), ("\\\\*", "\\x", true),
    ("\\a", "a", true), ("*é", "caffé", true), ("*??", "é", false),
  ])
  func matches(pattern: String, text: String, expected: Bool) {
    #expect(withBytes(text) { Glob(pattern).matches($0) } == expected)
  }

  @Test(arguments: [
    ("JANE@*", "jane@example.com", true), ("jane", "JANE", true), ("jane", "joan", false),
    ("ÉCOLE", "école", true), ("ΣΟΦΟΣ", "σοφος", true), ("*ς", "ΣΟΦΟΣ", true),
    // One character stays one, whatever its capital would be in another language.
    ("stra?e", "STRAßE", true), ("strasse", "straße", false), ("i", "ı", false), ("i", "İ", false),
    ("?", "Ⱥ", true), ("K", "\u{212A}", true), ("\\*A", "*a", true), ("[a", "{A", false),
    ("@", "`", false),
    // Nor do the ways of writing an accent, or a syllable, differ.
    ("ZOË", "zoe\u{308}", true), ("zoe\u{308}", "ZOË", true), ("zo?", "zoe\u{308}", true),
    ("zoë", "zoe", false), ("\u{1112}\u{1161}\u{11AB}*", "한국", true), ("?", "İ", true),
  ])
  func theCaseOfLettersCanBeIgnored(pattern: String, text: String, expected: Bool) {
    #expect(withBytes(text) { Glob(pattern, ignoresCase: true).matches($0) } == expected)
  }

  @Test func whatIsNoTextStaysAsItIsWhereCaseIsIgnored() {
    let glob = Glob("A*B", ignoresCase: true)
    for length in 0..<64 {
      let bytes = [0x61] + [UInt8](repeating: 0xC8, count: length) + [0xBA, 0xFF, 0x42]
      #expect(bytes.withUnsafeBufferPointer { glob.matches($0) })
    }
    // Each becomes a byte longer.
    let grown = String(repeating: "Ⱥ", count: 999)
    #expect(withBytes(grown) { Glob(grown.lowercased(), ignoresCase: true).matches($0) })
  }

  @Test func knowsLiterals() {
    #expect(!Glob("a", ignoresCase: true).isLiteral && Glob("a", ignoresCase: true).literal == nil)
    #expect(Glob("").isLiteral)
    #expect(Glob("a\\*b").isLiteral)
    #expect(!Glob("a*b").isLiteral)
    #expect(!Glob("?").isLiteral)
  }

  /// The definition of a glob, word for word, and as slow as it is plain.
  private func matchesSlowly(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>)
    -> Bool
  {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
      return matchesSlowly(pattern.dropFirst(), text)
        || (!text.isEmpty && matchesSlowly(pattern, text.dropFirst()))
    }
    return !text.isEmpty && (first == "?" || first == text.first)
      && matchesSlowly(pattern.dropFirst(), text.dropFirst())
  }

  @Test func agreesWithTheDefinition() {
    var generator = SeededGenerator(seed: 5)
    let (signs, letters): ([Character], [Character]) = (
      ["*", "?", "a", "b", "é"], ["a", "b", "é"]
    )
    var matched = 0
    for _ in 0..<30_000 {
      let pattern = (0..<Int.random(in: 0...7, using: &generator)).map { _ in
        signs[Int.random(in: 0..<signs.count, using: &generator)]
      }
      let text = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
        letters[Int.random(in: 0..<letters.count, using: &generator)]
      }
      let expected = matchesSlowly(pattern[...], text[...])
      let found = withBytes(String(text)) { Glob(String(pattern)).matches($0) }
      #expect(found == expected, "\(String(pattern)) on \(String(text))")
      matched += expected ? 1 : 0
    }
    #expect(matched > 1000)
  }

  @Test(.timeLimit(.minutes(1))) func isNotSlowedDownByStars() {
    let pattern = String(repeating: "*a", count: 100) + "b"
    let text = String(repeating: "a", count: 10_000)
    #expect(!withBytes(text) { Glob(pattern).matches($0) })
  }

  @Test func takesTextThatIsNoUTF8() {
    let text: [UInt8] = [0x80, 0xFF, 0xC3]
    #expect(text.withUnsafeBufferPointer { Glob("*").matches($0) })
    #expect(text.withUnsafeBufferPointer { Glob("???").matches($0) })
    #expect(!text.withUnsafeBufferPointer { Glob("?").matches($0) })
  }
}
