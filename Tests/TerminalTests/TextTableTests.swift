import Testing

@testable import Terminal

@Suite struct TextTableTests {
  @Test func withoutRowsThereIsNothing() {
    var table = TextTable(titles: ["a", "b"], room: 80)
    #expect(table.finish() == "")
  }

  @Test func columnsAreAsWideAsTheirWidestCell() {
    var table = TextTable(titles: ["time", "b"], room: 80)
    #expect(table.add(["1", "平台"]) == "")
    #expect(table.add(["12345", ""]) == "")
    #expect(table.finish() == "time   b\n1      平台\n12345\n")
  }

  @Test func theWidestGiveWayDownToEightColumns() {
    let cell = String(repeating: "x", count: 40)
    var table = TextTable(titles: ["a", "b", "c"], room: 30)
    _ = table.add([cell, "short", cell])
    let lines = table.finish().split(separator: "\n")
    #expect(lines.allSatisfy { TextWidth.of(String($0)) <= 30 })
    #expect(lines[1].contains("short"))
    var narrow = TextTable(titles: ["a", "b"], room: 5)
    _ = narrow.add([cell, cell])
    #expect(narrow.finish().split(separator: "\n").last == "xxxxxxx…  xxxxxxx…")
  }

  @Test func theFirstRowsDecideAndLaterOnesAreCut() {
    var table = TextTable(titles: ["a"], room: 80, measuredRows: 2)
    #expect(table.add(["12"]) == "")
    #expect(table.add(["1"]) == "a\n12\n1\n")
    #expect(table.add(["1234"]) == "1…\n")
    #expect(table.finish() == "")
  }

  @Test func aRowWithoutCellsIsAnEmptyLine() {
    var table = TextTable(titles: ["a"], room: 80)
    _ = table.add([])
    #expect(table.finish() == "a\n\n")
  }
}
