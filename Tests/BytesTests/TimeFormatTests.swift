import Bytes
import TestSupport
import Testing

@Suite struct TimeFormatTests {
  private func read(_ text: String, _ patterns: String..., zone: UTCOffset? = nil) throws -> String?
  {
    let formats = TimeFormats(try patterns.map { try TimeFormat($0) }, zone: zone)
    return withBytes(text) { formats.time($0) }?.text
  }

  @Test(arguments: [
    ("10/Oct/2000:13:55:36 -0700", "%d/%b/%Y:%H:%M:%S %z", "2000-10-10T20:55:36Z"),
    ("9/14/2020 1:23:45 PM +00:00", "%m/%d/%Y %I:%M:%S %p %z", "2020-09-14T13:23:45Z"),
    ("Jul 30, 2021 12:56:03 AM UTC", "%b %d, %Y %I:%M:%S %p %Z", "2021-07-30T00:56:03Z"),
    ("July  3, 2021 12:56:03 pm Z", "%b %e, %Y %I:%M:%S %p %z", "2021-07-03T12:56:03Z"),
    ("Tue, 02 May 2023 20:58:13 GMT", "%a, %d %b %Y %T %Z", "2023-05-02T20:58:13Z"),
    ("20241026 044641.024+02", "%Y%m%d %H%M%S.%f%z", "2024-10-26T02:46:41.024Z"),
    ("t=1747213078;", "t=%s;", "2025-05-14T08:57:58Z"),
    ("1747213078,5", "%s,%f", "2025-05-14T08:57:58.500Z"),
    ("2024-10-26 100% 04:46:41Z", "%F 100%% %T%z", "2024-10-26T04:46:41Z"),
    ("68-1-2T3 Z", "%y-%m-%dT%H %z", "2068-01-02T03:00:00Z"),
    ("69-01-02T03 Z", "%y-%m-%dT%H %z", "1969-01-02T03:00:00Z"),
  ]) func readsItsForm(_ text: String, _ pattern: String, _ time: String) throws {
    #expect(try read(text, pattern) == time)
    #expect(try read(text + " ", pattern) == nil)
    #expect(try read(String(text.dropLast()), pattern, zone: nil) != time)
  }

  @Test func aFormWithoutAZoneNeedsOne() throws {
    #expect(try !TimeFormat("%F %T").namesZone)
    #expect(try TimeFormat("%F %T %z").namesZone)
    #expect(try TimeFormat("%s").namesZone)
    #expect(try read("2024-10-26 04:46:41", "%F %T") == nil)
    let east = withBytes("+01:00") { UTCOffset($0) }
    #expect(try read("2024-10-26 04:46:41", "%F %T", zone: east) == "2024-10-26T03:46:41Z")
  }

  @Test func theFirstThatFitsCounts() throws {
    #expect(
      try read("01/02/2024 00h", "%d/%m/%Y %Hh", "%m/%d/%Y %Hh", zone: .utc)
        == "2024-02-01T00:00:00Z")
    #expect(
      try read("13/02/2024 00h", "%m/%d/%Y %Hh", "%d/%m/%Y %Hh", zone: .utc)
        == "2024-02-13T00:00:00Z")
  }

  @Test(arguments: [
    "30/02/2024 00:00:00", "1/1/24 00:00:00", "01/01/2024 24:00:00", "01/01/2024 00:60:00",
    "01/01/2024 00:00:61", "01/13/2024 00:00:00", "0/1/2024 00:00:00", "", "01/01/2024",
  ]) func refusesWhatIsNoTime(_ text: String) throws {
    #expect(try read(text, "%d/%m/%Y %T", zone: .utc) == nil)
  }

  @Test(arguments: [
    ("%F", "says no whole time"), ("", "says no whole time"), ("%F %I:%M", "says no whole time"),
    ("%Q", "unknown directive \"%Q\""), ("%F %T %", "unknown directive \"%\""),
    (String(repeating: "x", count: 257), "longest_pattern"),
  ]) func refusesWrongPatterns(_ pattern: String, _ message: String) {
    let error = #expect(throws: TimeFormat.PatternError.self) { try TimeFormat(pattern) }
    #expect(error?.description.contains(message) == true)
  }

  @Test func survivesRandomTexts() throws {
    var generator = SeededGenerator(seed: 3)
    let formats = TimeFormats(
      [try TimeFormat("%a %d/%b/%Y:%H:%M:%S.%f %z"), try TimeFormat("%s")], zone: .utc)
    let original = Array("Mon 10/Oct/2000:13:55:36.5 -0700".utf8)
    for _ in 0..<10_000 {
      var text = original
      for _ in 0..<3 {
        text[Int.random(in: 0..<text.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      text.removeLast(Int.random(in: 0...text.count, using: &generator))
      text.withUnsafeBufferPointer { _ = formats.time($0) }
    }
  }
}
