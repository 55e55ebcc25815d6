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
  }

  @Test func theTimeGivesWayLast() {
    func lines(_ room: Int) -> [String] {
      var table = TextTable(titles: ["time", "actor", "key"], room: room, cutLast: 0)
      _ = table.add(["2026-11-20T13:00:01Z", "jane@example.com", "deployer"])
      return table.finish().split(separator: "\n").map(String.init)
    }
    #expect(lines(40)[1] == "2026-11-20T13:00:01Z  jane@ex…  deployer")
    #expect(lines(30)[1] == "2026-11-20T13:00:01Z  ja…  de…")
    #expect(lines(27)[1] == "2026-11-20T13:00:01Z  …  d…")
    #expect(lines(20)[1] == "2026-11-20T13…  …  …")
  }

  /// Down to less than the gaps between the columns.
  @Test(arguments: Array(-1...60)) func noLineIsWiderThanTheTerminal(_ room: Int) {
    var table = TextTable(
      titles: ["time", "actor", "key", "action", "ip"], room: room, cutLast: 0, measuredRows: 2)
    let rows = [
      ["2026-11-20T13:00:01Z", "平台平台平台平台", "deployer", "stack.create", "203.0.113.7"],
      ["", "", "", "", ""],
      ["2026-11-20T13:00:01.123456Z", "a", String(repeating: "k", count: 99), "x", "平"],
    ]
    let text = rows.map { table.add($0) }.joined() + table.finish()
    for line in text.split(separator: "\n") {
      #expect(TextWidth.of(String(line)) <= max(1, room), "\(line)")
    }
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
