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

  @Test(arguments: [3, 5, 20, 39]) func listsFitTerminalsThatAreTooNarrow(_ width: Int) throws {
    let text = TextReport.text(try Sample.figures(), width: width, isUnicode: true)
    let lists = text.split(separator: "The archive")[0].split(separator: "\n")
    let rows = lists.filter { $0.hasPrefix("  ") }
    #expect(rows.count > 20 && rows.allSatisfy { TextWidth.of(String($0)) <= width })
  }

  @Test func whatNoDateCoversIsSaid() throws {
    let text = TextReport.text(try Sample.figures(), width: 80, isUnicode: true)
    #expect(text.contains("\nwithout a usable time: 1 event, which no date above covers\n"))
    let timed = try Sample.figures([#"{"time":1767610800}"#])
    #expect(!TextReport.text(timed, width: 80, isUnicode: true).contains("without a usable time"))
  }

  @Test func signalsOfNoEventComeBehindTheOthers() {
    let builder = ReportBuilder()
    builder.signalsOfNoEvent = [("signature_failure", 1234), ("silence", 1)]
    let figures = builder.finish(ArchiveFacts())
    let lines = TextReport.text(figures, width: 80, isUnicode: true).split(separator: "\n")
    let title = lines.firstIndex(of: "Signals") ?? 0
    #expect(
      lines[title + 1].split(separator: " ") == ["signature_failure", "1,234", "of", "no", "event"])
    #expect(lines[title + 2].split(separator: " ") == ["silence", "1", "of", "no", "event"])
  }

  @Test func blocksOfAddresses() {
    #expect(ReportText.block("203.0.113.77") == "203.0.113.0/24")
    #expect(ReportText.block("2001:db8:1:2::3") == "2001:db8:1::/48")
    #expect(ReportText.block("2001:db8::1") == "2001:db8::/48")
    #expect(ReportText.block("::1") == "::/48")
    #expect(ReportText.block("<b>") == "")
  }
}
