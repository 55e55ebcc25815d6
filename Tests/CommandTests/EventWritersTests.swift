import Testing

@testable import trailmill

@Suite struct EventWritersTests {
  @Test(arguments: [
    (["a", "b"], "a,b\r\n"), (["a,b", ""], "\"a,b\",\r\n"),
    (["say \"x\"", "two\nlines"], "\"say \"\"x\"\"\",\"two\nlines\"\r\n"),
    ([",\u{301}", "\r"], "\",\u{301}\",\"\r\"\r\n"), ([], "\r\n"),
  ])
  func cellsAreQuotedWhereTheyHaveTo(_ cells: [String], _ line: String) {
    #expect(CSVWriter.line(cells) == line)
  }
}
