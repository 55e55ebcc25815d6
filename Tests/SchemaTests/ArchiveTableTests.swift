import Bytes
import Foundation
import History
import JSONText
import Schema
import Settings
import TestArchives
import TestSupport
import Testing

/// Which members become columns, and of which type. BigQuery's document is the one that says it most plainly.
@Suite struct ArchiveTableTests {
  private func table(
    _ events: [String], for reader: SchemaReader = .bigquery, location: String? = "gs://b/a",
    threads: Int = 2
  ) throws -> String {
    let archive = try TestArchive()
    // Several parts, so that several workers look.
    let half = events.count / 2
    try archive.commit([Array(events[..<half]), Array(events[half...])].filter { !$0.isEmpty })
    return reader.text(
      try ArchiveTable(
        archive.history, for: reader, name: "events", location: location, threads: threads))
  }

  /// The columns, as `name TYPE`.
  private func columns(_ events: [String], threads: Int = 2) throws -> [String] {
    let text = try table(events, threads: threads)
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let schema = try #require(document["schema"] as? [String: Any])
    let fields = try #require(schema["fields"] as? [[String: String]])
    return fields.map { ($0["name"] ?? "") + " " + ($0["type"] ?? "") }
  }

  @Test(arguments: [
    ([#""x""#, #""""#, "null"], "STRING"), (["true", "false", "null"], "BOOL"),
    (["0", "-0", "9223372036854775807", "-9223372036854775808"], "INT64"),
    (["1", "9223372036854775808"], "JSON"), (["1", "1.0"], "JSON"), (["1e2"], "JSON"),
    (["1", #""1""#], "JSON"), (["{}"], "JSON"), (["[]"], "JSON"), (["null"], "JSON"),
    ([#""x""#, "{}"], "JSON"), (["true", "1"], "JSON"),
  ])
  func aTypeHoldsEveryValue(_ values: [String], _ type: String) throws {
    #expect(try columns(values.map { "{\"m\": \($0) }" }) == ["m \(type)"])
    #expect(try columns(["{}"] + values.reversed().map { "{\"m\":\($0)}" }) == ["m \(type)"])
  }

  @Test func membersComeInTheOrderOfTheEvents() throws {
    let events = (0..<60).map { #"{"b\#($0 % 3)":1,"a":{"hidden":1,"b":"},"},"c":"\u0022"}"# }
    let expected = ["b0 INT64", "a JSON", "c STRING", "b1 INT64", "b2 INT64"]
    for threads in [1, 2, 5] { #expect(try columns(events, threads: threads) == expected) }
  }

  /// Readers take capital and small letters for the same: the column is the member that most events have.
  @Test func ofNamesThatReadersTakeForTheSameTheMostFrequentOneIsAColumn() throws {
    #expect(
      try columns([#"{"User":1}"#, #"{"user":"x"}"#, #"{"user":"y"}"#]) == ["user STRING"])
    #expect(try columns([#"{"User":1}"#, #"{"user":"x"}"#]) == ["User INT64"])
    #expect(try columns([#"{"EVENT_JSON":1,"_Json":2,"x":3}"#]) == ["x INT64"])
    // An escape is no other name.
    #expect(try columns([#"{"user":"y"}"#, #"{"\u0075ser":1}"#]) == ["user JSON"])
  }

  /// To write "é" there are two ways: for Swift's strings they are equal, and an event may have both.
  @Test func namesAreComparedByteByByte() throws {
    let text = try table(
      ["{\"e\u{301}\":1}", "{\"\u{e9}\":\"x\"}", "{\"\u{e9}\":\"y\"}"], for: .duckdb)
    #expect(text.contains("json_extract_string(_members[1], '$') AS \"\u{e9}\""))
    #expect(
      !text.utf8.split(separator: UInt8(ascii: "\n")).contains { line in
        line.first == UInt8(ascii: " ")
          && String(decoding: line, as: UTF8.self).unicodeScalars.contains("\u{301}")
      })
  }

  @Test func membersBeyondTheLimitStayInTheLine() throws {
    let many = "{" + (0..<600).map { "\"m\($0)\":1" }.joined(separator: ",") + "}"
    let columns = try columns([many, "{\"m599\":2}", "{\"m599\":3}"])
    #expect(columns.count == 500 && columns.contains("m599 INT64"))
    #expect(try table([many], for: .spark).contains("(100 members)"))
    // Names are not kept without end either.
    let events = (0..<12).map { run in
      "{" + (0..<1000).map { "\"r\(run)m\($0)\":1" }.joined(separator: ",") + "}"
    }
    #expect(try table(events, for: .spark).contains("5,000 members more"))
  }

  /// Whoever writes events chooses their members' names.
  @Test(arguments: SchemaReader.allCases)
  func noNameGetsOutOfItsQuotes(_ reader: SchemaReader) throws {
    let hostile = [
      #"x'; DROP TABLE t; --"#, #"x\"; DROP TABLE t; --"#, "x`; DROP", #"x\\"#, "x\\n; DROP",
      "*/ DROP",
      "\u{2028}DROP", "$DROP", "{DROP}", "[DROP]", "%DROP", "DROP\u{202e}", "\\u0000DROP",
      "x\"\"\"DROP",
    ].map { $0.contains("\"\"\"") ? #"x\"\"\"DROP"# : $0 }
    let text = try table(
      hostile.map { "{\"\($0)\":1,\"plain\":\"x\"}" }, for: reader, location: "s3://b/a")
    #expect(text.contains("plain"))
    for line in text.split(separator: "\n") where line.contains("DROP") {
      #expect(line.hasPrefix("-- no columns") || line.hasPrefix("# no columns"), "\(line)")
    }
  }

  @Test(arguments: ["/a'b", "/a\"b", "/a*", "/a{b}", "/a\\b", "/a\nb", "/a;b", "/a`b", "/$a", ""])
  func placesThatNoStatementCanHaveAreRefused(_ place: String) {
    #expect(throws: UsageError.self) { try table(["{}"], location: place) }
  }

  /// Who writes events can name members as they like, but not take the room from those that more events have.
  @Test func namesThatComeOnceTakeNoRoom() throws {
    let first = "{" + (0..<10_000).map { "\"x\($0)\":1" }.joined(separator: ",") + "}"
    let events = (0..<4).map { "{\"id\":\($0),\"x0\":1}" }
    for threads in [1, 3] {
      let columns = try columns([first] + events + [first] + events, threads: threads)
      // What it was before is not known.
      #expect(columns.contains("id JSON") && columns.contains("x0 INT64"))
      #expect(columns.count == 500)
    }
  }

  @Test func namesThatSomeReaderTakesForTheSameAreOne() throws {
    for (one, other) in [("ß", "ẞ"), ("ß", "SS"), ("i", "İ"), ("K", "\u{212A}")] {
      let event = "{\"\(one)\":1,\"\(other)\":2,\"z\":3}"
      #expect(try table([event], for: .spark).contains("(1 member)"), "\(one) \(other)")
    }
  }

  @Test func aPlaceBelowAFolderOfTheSameKeyIsRefused() throws {
    #expect(throws: UsageError.self) { try table(["{}"], location: "s3://b/HOUR=1/a") }
    #expect(try table(["{}"], location: "s3://b/env=prod/a").contains("env=prod"))
  }

  /// A line that is no object, as only a foreign hand can leave it, is told: readers would fail at it.
  @Test(arguments: [
    "{\"a\":1,", "{\"a\":1", "{\"a\"", "{\"a", "{", "[1]", "7", "{\"a\":[[[}", "{\"a\":\"\\",
    "{\"a\" 1}", "{,}",
    "{\"a\":}", "{\"a\":\"\\ud83d\\",
  ])
  func whatIsNoObjectIsTold(_ line: String) throws {
    let error = #expect(throws: ArchiveError.self) { try columns(["{\"b\":1}", line]) }
    #expect(error?.description.hasPrefix("a line is no event: ") == true)
  }
}
