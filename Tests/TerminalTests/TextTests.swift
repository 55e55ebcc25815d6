import Testing

@testable import Terminal

@Suite struct TextTests {
  @Test(arguments: [
    ("plain", 5), ("平台", 4), ("e\u{301}", 1), ("👍", 2), ("\u{200B}", 0), ("", 0), ("ａ", 2),
  ])
  func widths(_ text: String, _ width: Int) { #expect(TextWidth.of(text) == width) }

  @Test func cutTextFitsWithItsMark() {
    #expect(TextWidth.cut("abcd", to: 4) == "abcd")
    #expect(TextWidth.cut("abcde", to: 4) == "abc…")
    #expect(TextWidth.cut("平台平", to: 4) == "平…")
    #expect(TextWidth.cut("abcde", to: 4, mark: "~") == "abc~")
  }

  @Test func textFitsItsColumns() {
    let unicode = TerminalText(width: 80, isUnicode: true)
    #expect(unicode.fitted("ab", 4) == "ab  ")
    #expect(unicode.fitted("abcdef", 4) == "abc…")
    #expect(unicode.fitted("平台平台", 8) == "平台平台")
    #expect(unicode.fitted("平台平台", 6) == "平台… ")
    #expect(unicode.fitted("e\u{301}x", 3) == "e\u{301}x ")
    #expect(TerminalText(width: 80, isUnicode: false).fitted("zoë\u{1B}[1m", 8) == "zo??[1m ")
  }

  @Test func barsAndSparklines() {
    let unicode = TerminalText(width: 80, isUnicode: true)
    let ascii = TerminalText(width: 80, isUnicode: false)
    #expect(unicode.bar(1, of: 2, 4) == "██")
    #expect(unicode.bar(1, of: 1000, 4) == "▏")
    #expect(unicode.bar(0, of: 1000, 4) == "" && unicode.bar(1, of: 0, 4) == "")
    #expect(ascii.bar(1, of: 2, 4) == "##")
    #expect(unicode.sparkline([0, 1, 4, 8]) == " ▁▄█")
    #expect(ascii.sparkline([0, 8]) == " @")
  }

  @Test func wordsAreWrappedAtTheWidth() {
    #expect(TextColumns.wrapped("one two three", width: 7) == "one two\nthree\n")
    #expect(TextColumns.wrapped("one two three", width: 6) == "one\ntwo\nthree\n")
    #expect(TextColumns.wrapped("longest word", width: 3, indent: "  ") == "  longest\n  word\n")
  }

  @Test func paddedTextKeepsItsDistance() {
    #expect(TextColumns.padded("ab", 4) == "ab  ")
    #expect(TextColumns.padded("abcd", 4) == "abcd ")
    #expect(TextColumns.rightAligned("12", 4) == "  12")
    #expect(TextColumns.rightAligned("12345", 4) == "12345")
  }
}
