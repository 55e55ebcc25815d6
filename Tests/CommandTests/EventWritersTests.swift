import Testing

@testable import trailmill

@Suite struct EventWritersTests {
  @Test(arguments: [
    (["a", "b"], "a,b\r\n"), (["a,b", ""], "\"a,b\",\r\n"),
    (["say \"x\"", "a;b"], "\"say \"\"x\"\"\",\"a;b\"\r\n"),
    ([",\u{301}", ""], "\",\u{301}\",\r\n"), ([], "\r\n"),
  ])
  func cellsAreQuotedWhereTheyHaveTo(_ cells: [String], _ line: String) {
    #expect(CSVWriter.line(cells) == line)
  }

  /// What a spreadsheet takes for a formula begins with one of these, or stands behind what it takes for a
  /// separator; a terminal obeys control characters.
  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+x", "'+x"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("＝1", "'＝1"),
    ("=\u{301}", "'=\u{301}"), ("a=b", "a=b"), ("a;=b;c;@d", "\"a;'=b;c;'@d\""), ("'=1", "'=1"),
    ("\t=1", "\u{FFFD}=1"), ("\r=1", "\u{FFFD}=1"), ("two\nlines", "two\u{FFFD}lines"),
    ("\u{1B}[31mred\u{7}\0", "\u{FFFD}[31mred\u{FFFD}\u{FFFD}"), ("a\u{202E}b", "a\u{FFFD}b"),
    ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
  ])
  func noCellDoesHarm(_ cell: String, _ written: String) {
    #expect(CSVWriter.line([cell, cell]) == "\(written),\(written)\r\n")
  }
}
