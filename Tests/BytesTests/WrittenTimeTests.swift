import Bytes
import TestSupport
import Testing

private func zone(_ text: String) -> UTCOffset? { withBytes(text) { UTCOffset($0) } }

private func read(_ text: String, _ place: String? = nil) -> String? {
  withBytes(text) { Timestamp(text: $0, zone: place.flatMap(zone)) }?.text
}

private func number(_ text: String, _ place: String? = nil) -> String? {
  withBytes(text) { Timestamp(number: $0, zone: place.flatMap(zone)) }?.text
}

@Suite struct WrittenTimeTests {
  @Test(arguments: [
    ("2022-01-24T08:48:05.645+0000", "2022-01-24T08:48:05.645Z"),
    ("2026-07-27T21:40:16,915+0000", "2026-07-27T21:40:16.915Z"),
    ("2026-07-27T21:40:16,915Z", "2026-07-27T21:40:16.915Z"),
    ("2026-07-27 21:40:16+02", "2026-07-27T19:40:16Z"),
    ("2026-07-27 21:40:16 +0200", "2026-07-27T19:40:16Z"),
    ("2026-07-27 21:40:16 UTC", "2026-07-27T21:40:16Z"),
    ("2026-07-27 21:40:16 GMT", "2026-07-27T21:40:16Z"),
    ("2026-07-27T21:40:16-0330", "2026-07-28T01:10:16Z"),
    ("20260727T214016Z", "2026-07-27T21:40:16Z"), ("20260727214016Z", "2026-07-27T21:40:16Z"),
    ("20260727214016.5+0100", "2026-07-27T20:40:16.500Z"),
    ("2016-12-31T23:59:60+0000", "2017-01-01T00:00:00Z"),
    ("1747213078", "2025-05-14T08:57:58Z"), ("1747213078.25", "2025-05-14T08:57:58.250Z"),
    ("1747213078123", "2025-05-14T08:57:58.123Z"),
    ("1747213078123456", "2025-05-14T08:57:58.123456Z"),
    ("1747213078123456789", "2025-05-14T08:57:58.123456Z"),
    ("1.747213078e9", "2025-05-14T08:57:58Z"),
    ("2026-07-27T21:40:16Z", "2026-07-27T21:40:16Z"),
  ]) func readsMoreThanOneSpelling(_ text: String, _ time: String) {
    #expect(read(text) == time)
    // A zone of its own comes before any other.
    #expect(read(text, "+05:00") == time)
  }

  /// Without a zone it is no time: an hour that is wrong by guess is worse than none.
  @Test(arguments: [
    ("2025-10-15T06:50:14", "2025-10-15T04:50:14Z"),
    ("2020-10-18 15:39:52", "2020-10-18T13:39:52Z"),
    ("2020-10-18 15:39:52,5", "2020-10-18T13:39:52.500Z"),
    ("20241026044641", "2024-10-26T02:46:41Z"), ("20241026044641.024", "2024-10-26T02:46:41.024Z"),
    ("20241026T044641", "2024-10-26T02:46:41Z"),
    ("20241026044641024", "2024-10-26T02:46:41.024Z"),
    ("2017-01-01T01:59:60", "2017-01-01T00:00:00Z"),
  ]) func guessesNoZone(_ text: String, _ time: String) {
    #expect(read(text) == nil)
    #expect(read(text, "+02:00") == time)
  }

  @Test(arguments: [
    ("20241026044641", "2024-10-26T04:46:41Z"), ("20241026044641.024", "2024-10-26T04:46:41.024Z"),
    ("20241026044641024", "2024-10-26T04:46:41.024Z"),
    ("20241026044641024123", "2024-10-26T04:46:41.024123Z"),
    ("20241026044641024123.5", "2024-10-26T04:46:41.024123Z"),
    ("2.0241026044641e13", "2024-10-26T04:46:41Z"), ("20240229000000", "2024-02-29T00:00:00Z"),
    ("99991231235959", "9999-12-31T23:59:59Z"),
  ]) func digitsThatAreADateAreOne(_ text: String, _ time: String) {
    #expect(number(text, "UTC") == time)
    #expect(number(text) == nil)
  }

  @Test(arguments: [
    "", "2025-10-15", "2025-10-15T06:50", "2025-10-15T06:50Z", "2025-10-15T06:50:14.", "soon",
    "2025-10-15T06:50:14,Z", "2025-10-15T06:50:14 ", "2025-10-15T06:50:14  Z",
    "2025-10-15T06:50:14 CET",
    "2025-10-15T06:50:14+2", "2025-10-15T06:50:14+020", "2025-10-15T06:50:14+24:00",
    "2025-10-15T06:50:14+0060", "2025-10-15T06:50:14+02:0", "2025-10-15T06:50:14+02:00:00",
    "2025-10-15T0650:14Z", "2025-10-15T06:5014Z", "2025-1015T06:50:14Z", "20251015T06:50:14Z",
    "2025-13-15T06:50:14Z", "2025-02-30 06:50:14Z", "2025-10-15T24:00:00Z", "2025-10-15T23:59:60Z ",
    "2025-10-15T06:50:60Z", "0000-10-15T06:50:14Z", "2025-10-15X06:50:14Z", "2025-10-15T06:50:14é",
    "20251015T", "0x65", "9/14/2020 1:23:45 PM", "Jul 30, 2021 12:56:03 AM",
    "0001-01-01T00:00:00+0100", "9999-12-31T23:59:59-0100",
  ]) func refusesTheRest(_ text: String) {
    #expect(read(text) == nil)
    #expect(read(text, "UTC") == nil)
  }

  @Test func survivesRandomDamage() {
    var generator = SeededGenerator(seed: 9)
    let originals = ["2026-07-27T21:40:16,915+0000", "20241026044641.024", "-1.705276804e-09"]
    for round in 0..<20_000 {
      var text = Array(originals[round % originals.count].utf8)
      text.removeLast(Int.random(in: 0...text.count, using: &generator))
      for _ in 0..<Int.random(in: 0...3, using: &generator) where !text.isEmpty {
        let at = Int.random(in: 0..<text.count, using: &generator)
        text[at] = UInt8.random(in: 0...255, using: &generator)
      }
      text.withUnsafeBufferPointer { view in
        for time in [Timestamp(text: view, zone: .utc), Timestamp(number: view, zone: .utc)] {
          guard let written = time?.text else { continue }
          #expect(read(written) == written)
        }
        _ = WrittenBound(text: view)
        _ = WrittenBound(number: view)
      }
    }
  }

  @Test(arguments: [
    ("UTC", 0), ("utc", 0), ("Z", 0), ("GMT", 0), ("+02:00", 7200), ("-0530", -19800),
    ("+02", 7200),
    ("-00:00", 0),
  ]) func readsOffsets(_ text: String, _ seconds: Int32) {
    #expect(zone(text)?.seconds == seconds)
    #expect(zone(text).map { $0.text }.flatMap(zone)?.seconds == seconds)
  }

  @Test(arguments: [
    "", "CET", "Europe/Berlin", "2", "+2", "02:00", "+24:00", "+02:60", "+02:", "UTC+2",
  ])
  func knowsNoOtherZones(_ text: String) {
    #expect(zone(text) == nil)
  }
}

@Suite struct WrittenBoundTests {
  private func bound(_ text: String) -> WrittenBound? { withBytes(text) { WrittenBound(text: $0) } }
  private func number(_ text: String) -> WrittenBound? {
    withBytes(text) { WrittenBound(number: $0) }
  }

  @Test(arguments: [
    "0", "-0", "0.0", "0e5",
  ]) func zeroIsNoBound(_ text: String) { #expect(bound(text) == .zero) }

  @Test(arguments: [
    "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59-05:00",
    "9999-12-31",
    "9999-01-01 00:00:00", "253402300799", "253402300799000", "253402300799999999",
    "253402300799000000000", "2.53402300799e11", "253370764800", "253402300800", "99991231235959",
  ]) func theLastYearIsForEver(_ text: String) { #expect(bound(text) == .lastYear) }

  @Test(arguments: [
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00", "0001-01-01T00:00:00+01:00", "0001-01-01",
    "-62135596800", "-62135596800000",
  ]) func theFirstYearIsANullTime(_ text: String) { #expect(bound(text) == .firstYear) }

  @Test(arguments: [
    ("1683061093", 1_683_061_093), ("1.683061093e+09", 1_683_061_093),
    ("2023-05-02", 1_682_985_600),
    ("2023-05-02T20:58:13+0000", 1_683_061_093), ("1970-01-01T00:00:00Z", 0), ("1970-01-01", 0),
    ("99999999999", 99_999_999_999), ("946684800000", 946_684_800),
  ]) func othersAreTimes(_ text: String, _ seconds: Int64) {
    guard case .time(let time) = bound(text) else {
      Issue.record("\(text) is no time")
      return
    }
    #expect(time.seconds == seconds)
  }

  /// Milliseconds before the year 2000, or seconds beyond the calendar.
  @Test(arguments: [
    ("100000000000", 100_000_000), ("253370764799", 253_370_764), ("253402300801", 253_402_300),
    ("946684799999", 946_684_799),
  ]) func twelveDigitsMayBeBeyondTheCalendar(_ text: String, _ seconds: Int64) {
    guard case .timeOrBeyond(let time) = bound(text) else {
      Issue.record("\(text) has one meaning")
      return
    }
    #expect(time.seconds == seconds)
  }

  @Test(arguments: [
    "", "never", "2023-05-02 20:53:02", "Tue, 02 May 2023 20:58:13 GMT", "99999999999999999999",
    "[1]",
    "20230502205302",
  ]) func whatCannotBeReadIsNone(_ text: String) {
    #expect(bound(text) == nil)
    #expect(number(text) == nil)
  }
}
