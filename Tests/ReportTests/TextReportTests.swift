import TestSupport
import Testing

@testable import Report

@Suite struct TextReportTests {
  private func terminal(_ isUnicode: Bool) -> TerminalText {
    TerminalText(width: 80, isUnicode: isUnicode) { $0.replacing("\u{1B}", with: "?") }
  }

  @Test func textFitsItsColumns() {
    let unicode = terminal(true)
    #expect(unicode.fitted("ab", 4) == "ab  ")
    #expect(unicode.fitted("abcdef", 4) == "abc…")
    #expect(unicode.fitted("平台平台", 8) == "平台平台")
    #expect(unicode.fitted("平台平台", 6) == "平台… ")
    #expect(unicode.fitted("e\u{301}x", 3) == "e\u{301}x ")
    #expect(terminal(false).fitted("zoë\u{1B}[1m", 8) == "zo??[1m ")
  }

  @Test func barsAndSparklines() {
    #expect(terminal(true).bar(1, of: 2, 4) == "██")
    #expect(terminal(true).bar(1, of: 1000, 4) == "▏")
    #expect(terminal(false).bar(1, of: 2, 4) == "##")
    #expect(terminal(true).sparkline([0, 1, 4, 8]) == " ▁▄█")
    #expect(terminal(false).sparkline([0, 8]) == " @")
  }

  @Test func everyLineFitsAndAsciiIsAscii() throws {
    let figures = try Sample.figures()
    for width in [40, 80, 132] {
      let text = TextReport.text(figures, width: width, isUnicode: false) { $0 }
      #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
      let rows = text.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.contains("verif") }
      #expect(rows.allSatisfy { TextWidth.of(String($0)) <= max(width, 60) })
    }
    let text = TextReport.text(figures, width: 80, isUnicode: true) { $0 }
    #expect(text.contains("5 events from 2026-01-05 to 2026-01-07, by 2 actors with 1 key"))
    #expect(text.contains("by key ci, from claim:email, actor"))
    #expect(text.contains("owner ops") && text.contains("odd") && text.contains("skew"))
  }

  @Test func blocksOfAddresses() {
    #expect(ReportText.block("203.0.113.77") == "203.0.113.0/24")
    #expect(ReportText.block("2001:db8:1:2::3") == "2001:db8:1::/48")
    #expect(ReportText.block("2001:db8::1") == "2001:db8::/48")
    #expect(ReportText.block("::1") == "::/48")
    #expect(ReportText.block("<b>") == "")
  }
}
