import Testing

@testable import Report

/// Events in which nobody is named are counted apart, by whom they may be of, and for nobody as their own.
@Suite struct CandidatesTests {
  private func names(_ figures: ReportFigures, _ dimension: Dimension) -> [String: Int] {
    let names = figures.names[dimension] ?? []
    return Dictionary(uniqueKeysWithValues: names.dropFirst(2).map { ($0.name, $0.count) })
  }

  private func section(_ figures: ReportFigures, _ width: Int = 80) -> [String] {
    let text = TextReport.text(figures, width: width, isUnicode: false)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let title = lines.firstIndex(of: "Could be several") else { return [] }
    return lines[(title + 1)...].prefix { !$0.isEmpty }.map {
      $0.replacing(#/ +#*$/#, with: "").replacing(#/ {2,}/#, with: "  ")
    }
  }

  @Test func setsAreCountedWithHowManyMoreItCouldBe() throws {
    let figures = try Sample.figures(Sample.ambiguous)
    #expect(names(figures, .candidates) == [#"["jane","joe"]"#: 1, #"["jane","j\"1",3]"#: 1])
    #expect(names(figures, .actor) == ["ci": 2, "jane": 1])
  }

  @Test func theTextTellsThemApart() throws {
    let figures = try Sample.figures(Sample.ambiguous)
    let rows = [
      "  2 events in which nobody is named; they may be of", "  jane  2", #"  j"1  1"#, "  joe  1",
      "  of others, too, whom it does not name: 1 event",
    ]
    #expect(section(figures) == rows)
    #expect(section(try Sample.figures()) == [])
  }

  /// What no longer has a name of its own is counted.
  @Test func setsBeyondTheLimitAreSaid() throws {
    var limits = ReportLimits()
    limits.candidateSets = 1
    let figures = try Sample.figures(Sample.ambiguous, limits: limits)
    #expect(
      section(figures) == [
        "  2 events in which nobody is named; they may be of", "  jane  1", "  joe  1",
        "  of candidates who are not told apart: 1 event",
      ])
  }

  @Test func whatIsNoNumberOfOthersIsNone() {
    for (array, number) in [
      (#"["a",12]"#, 12), (#"["a","3"]"#, 0), ("", 0), ("[]", 0), ("[7]", 7),
      ("[99999999999999999999]", 0), (#"["a","b…~0123"#, 0),
    ] {
      #expect(ReportText.lastNumber(array) == number, "\(array)")
    }
  }
}
