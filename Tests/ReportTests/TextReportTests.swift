import Terminal
import TestSupport
import Testing

@testable import Report

@Suite struct TextReportTests {
  @Test func everyLineFitsAndAsciiIsAscii() throws {
    let figures = try Sample.figures()
    for width in [40, 80, 132] {
      let text = TextReport.text(figures, width: width, isUnicode: false)
      #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
      let rows = text.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.contains("verif") }
      #expect(rows.allSatisfy { TextWidth.of(String($0)) <= max(width, 60) })
    }
    let text = TextReport.text(figures, width: 80, isUnicode: true)
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
