import Testing

@testable import Terminal

@Suite struct ConsoleTests {
  /// Escape, C1 controls, line ends, separators, direction marks and isolates.
  static let obeyed: [Unicode.Scalar] = [
    "\0", "\t", "\n", "\r", "\u{1B}", "\u{7F}", "\u{9B}", "\u{61C}", "\u{200E}", "\u{2028}",
    "\u{202E}", "\u{2066}", "\u{2069}",
  ]

  @Test(arguments: obeyed) func whatATerminalObeysIsReplaced(_ scalar: Unicode.Scalar) {
    #expect(Console.printable("a\(scalar)b") == "a\u{FFFD}b")
  }

  /// What shows nothing: of zero width, tags, fillers, joiners and selectors where there is nothing to join.
  @Test(arguments: [
    "\u{200B}", "\u{2060}", "\u{FEFF}", "\u{E0041}", "\u{3164}", "\u{AD}", "\u{200D}", "\u{200C}",
    "\u{FE0F}",
  ]) func whatShowsNothingIsReplaced(_ scalar: Unicode.Scalar) {
    #expect(Console.printable("a\(scalar)b") == "a\u{FFFD}b")
    #expect(Console.printable("é\(scalar)") == "é\u{FFFD}")
    #expect(Console.printable("\(scalar)") == "\u{FFFD}")
  }

  @Test(arguments: ["plain", "zoë", "平台", "👩‍👩‍👧", "🏳️‍🌈", "می‌خواهم", "\u{A0}", "~"])
  func whatItShowsStays(_ text: String) {
    #expect(Console.printable(text) == text)
    #expect(Console.printableJSON(text) == text)
  }

  @Test func inJSONItBecomesAnEscapeOrASpace() {
    #expect(Console.printableJSON("\"\u{9B}\u{202E}\"") == "\"\\u009b\\u202e\"")
    #expect(Console.printableJSON("{\t\"a\":\r1}") == "{ \"a\": 1}")
  }

  @Test func beyondTheFirstPlaneItBecomesTwoEscapes() {
    #expect(Console.printableJSON("\"\u{E0041}\"") == "\"\\udb40\\udc41\"")
    #expect(Console.printableJSON(lines: "\"\u{9B}\"\n2\n") == "\"\\u009b\"\n2\n")
  }

  /// Different texts stay different, those with escapes of their own too.
  @Test(arguments: [
    ("a\tb", "a\\tb"), ("a\\tb", "a\\\\tb"), ("a\nb", "a\\nb"), ("a\rb", "a\\rb"),
    ("a\u{FFFD}b", "a\u{FFFD}b"), ("\u{1B}", "\\u001b"), ("\u{E0041}", "\\udb40\\udc41"),
    ("zoë \"x\"", "zoë \"x\""),
  ]) func escapesAreThoseOfJSON(_ text: String, _ escaped: String) {
    #expect(Console.escaped(text) == escaped)
  }
}
