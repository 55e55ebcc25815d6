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

  @Test(arguments: ["plain", "zoë", "平台", "👩‍👩‍👧", "\u{A0}", "~"])
  func whatItShowsStays(_ text: String) {
    #expect(Console.printable(text) == text)
    #expect(Console.printableJSON(text) == text)
  }

  @Test func inJSONItBecomesAnEscapeOrASpace() {
    #expect(Console.printableJSON("\"\u{9B}\u{202E}\"") == "\"\\u009b\\u202e\"")
    #expect(Console.printableJSON("{\t\"a\":\r1}") == "{ \"a\": 1}")
  }
}
