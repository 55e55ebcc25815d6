import Bytes
import Foundation
import TestSupport
import Testing

private func read(_ text: String) -> Timestamp? { withBytes(text) { Timestamp(rfc3339: $0) } }
private func number(_ text: String) -> Timestamp? { withBytes(text) { Timestamp(number: $0) } }
private func date(_ text: String) -> Timestamp? { withBytes(text) { Timestamp(date: $0) } }

private func written(_ time: Timestamp?) -> String? {
  guard let time else { return nil }
  var buffer = ByteBuffer()
  time.append(rfc3339To: &buffer)
  #expect(buffer.text == time.text)
  #expect(buffer.text == Timestamp.text(microseconds: time.microseconds))
  return buffer.text
}

private func padded(_ number: Int, _ digits: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}

@Suite struct TimestampTests {
  @Test func noTimeHasNoText() {
    #expect(Timestamp.text(microseconds: nil) == nil)
    #expect(Timestamp.text(microseconds: .min) == nil)
    #expect(Timestamp.text(microseconds: 0) == "1970-01-01T00:00:00Z")
  }

  /// Counts the days one by one with the rules as every schoolbook has them.
  @Test func knowsEveryDayOfTheCalendar() {
    var (seconds, wrong): (Int64, [String]) = (-62_135_596_800, [])
    var buffer = ByteBuffer()
    for year in 1...9999 {
      let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      for (index, length) in lengths.enumerated() {
        for day in 1...length {
          buffer.removeAll()
          Timestamp(seconds: seconds)?.append(dateTo: &buffer)
          let civil = Timestamp(seconds: seconds)?.civil
          if civil?.year != year || civil?.month != index + 1 || civil?.day != day
            || civil?.hour != 0 || Timestamp(date: buffer.view)?.seconds != seconds
          {
            wrong.append("\(year)-\(index + 1)-\(day)")
          }
          seconds += 86400
        }
        buffer.removeAll()
        buffer.append(utf8: "\(padded(year, 4))-\(padded(index + 1, 2))-\(length + 1)")
        if Timestamp(date: buffer.view) != nil { wrong.append(buffer.text) }
      }
    }
    #expect(wrong.isEmpty)
    #expect(seconds == 253_402_300_800)
  }

  @Test func agreesWithFoundationOnRandomTimes() throws {
    var generator = SeededGenerator(seed: 2)
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
    for _ in 0..<5000 {
      let micros = Int64.random(in: 0...253_402_300_799_999_999, using: &generator)
      let time = try #require(Timestamp(microseconds: micros))
      let date = Date(timeIntervalSince1970: Double(time.seconds))
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second], from: date)
      let civil = time.civil
      #expect(civil.year == parts.year && civil.month == parts.month && civil.day == parts.day)
      #expect(
        civil.hour == parts.hour && civil.minute == parts.minute && civil.second == parts.second)
      #expect(Int64(civil.microsecond) == micros % 1_000_000)
    }
  }

  @Test func readsWhatAnyOffsetAndFractionSay() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<5000 {
      let seconds = Int64.random(in: -62_135_000_000...253_402_000_000, using: &generator)
      let minutes = Int64.random(in: -1439...1439, using: &generator)
      let local = try #require(Timestamp(seconds: seconds + minutes * 60)).civil
      let digits = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        Int.random(in: 0...9, using: &generator)
      }
      let micros = (0..<6).reduce(0) { $0 * 10 + ($1 < digits.count ? digits[$1] : 0) }
      let text =
        "\(padded(local.year, 4))-\(padded(local.month, 2))-\(padded(local.day, 2))"
        + ["T", "t", " "][Int.random(in: 0...2, using: &generator)]
        + "\(padded(local.hour, 2)):\(padded(local.minute, 2)):\(padded(local.second, 2))"
        + (digits.isEmpty ? "" : "." + digits.map(String.init).joined())
        + (minutes < 0 ? "-" : "+") + padded(Int(minutes.magnitude) / 60, 2) + ":"
        + padded(Int(minutes.magnitude) % 60, 2)
      #expect(read(text)?.microseconds == seconds * 1_000_000 + Int64(micros), "\(text)")
      #expect(read(try #require(written(read(text)))) == read(text), "\(text)")
    }
  }

  @Test(arguments: [
    ("2023-07-10T11:42:36Z", "2023-07-10T11:42:36Z"),
    ("2023-07-10t11:42:36z", "2023-07-10T11:42:36Z"),
    ("2023-07-10 11:42:36.120+02:00", "2023-07-10T09:42:36.120Z"),
    ("2023-07-10T11:42:36.1234567Z", "2023-07-10T11:42:36.123456Z"),
    ("2023-07-10T11:42:36.000000999Z", "2023-07-10T11:42:36Z"),
    ("2023-07-10T00:00:00-00:00", "2023-07-10T00:00:00Z"),
    ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
    ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
    ("2016-12-31T23:59:60.75Z", "2017-01-01T00:00:00Z"),
    ("2017-01-01T05:29:60+05:30", "2017-01-01T00:00:00Z"),
    ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ("9999-12-31T23:59:59-00:00", "9999-12-31T23:59:59Z"),
  ])
  func writesInUTC(text: String, expected: String) {
    #expect(written(read(text)) == expected)
  }

  @Test(arguments: [
    "", "2023", "2023-07-10", "2023-07-10T11:42:36", "2023-07-10T11:42Z", "2023-07-10T11:42:36.Z",
    "2023-07-10T11:42:36.5", "2023-07-10T11:42:36,5Z", "2023-07-10T11:42:36ZZ",
    "2023-07-10T11:42:36+0200", "2023-07-10T11:42:36+02", "2023-07-10T11:42:36+24:00",
    "2023-07-10T11:42:36+02:60", "2023-07-10T11:42:36+02:00Z", "2023-07-10T24:00:00Z",
    "2023-07-10T11:60:00Z", "2023-07-10T11:42:61Z", "2023-07-10T11:42:60Z",
    "2023-07-10T23:59:60+01:00", "2023-13-10T11:42:36Z", "2023-00-10T11:42:36Z",
    "2023-07-00T11:42:36Z", "2023-04-31T11:42:36Z", "2023-02-29T11:42:36Z", "1900-02-29T11:42:36Z",
    "0000-07-10T11:42:36Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    "9999-12-31T23:59:60Z", "+023-07-10T11:42:36Z", "2023/07/10T11:42:36Z", "2023-07-10_11:42:36Z",
    "2023-07-10T1１:42:36Z", " 2023-07-10T11:42:36Z", "2023-07-10T11:42:36Z ",
    "12023-07-10T11:42:36Z",
  ])
  func refusesWhatIsNoTime(text: String) {
    #expect(read(text) == nil)
  }

  @Test(arguments: [
    ("0", 0), ("-0", 0), ("1689000000", 1_689_000_000_000_000),
    ("99999999999", 99_999_999_999_000_000), ("100000000000", 100_000_000_000_000),
    ("1689000000123", 1_689_000_000_123_000), ("1689000000123.4567", 1_689_000_000_123_456),
    ("1689000000.5", 1_689_000_000_500_000), ("1689000000.1234567", 1_689_000_000_123_456),
    ("99999999999999", 99_999_999_999_999_000), ("100000000000000", 100_000_000_000_000),
    ("1689000000123456", 1_689_000_000_123_456), ("1689000000123456.9", 1_689_000_000_123_456),
    ("99999999999999999", 99_999_999_999_999_999), ("100000000000000000", 100_000_000_000_000),
    ("1689000000123456789", 1_689_000_000_123_456), ("9223372036854775807", 9_223_372_036_854_775),
    ("-1", -1_000_000), ("-1.5", -1_500_000), ("-1000000000000", -1_000_000_000_000_000),
    ("1.705276804e9", 1_705_276_804_000_000), ("1.705276804E+09", 1_705_276_804_000_000),
    ("17052768040e-1", 1_705_276_804_000_000), ("1.7052768041234567e9", 1_705_276_804_123_456),
    ("1.705276804e12", 1_705_276_804_000_000), ("0e999999999999", 0), ("0.0e-5", 0),
    ("1e-7", 0), ("1e-999999999999", 0), ("0.000001", 1), ("-1e9", -1_000_000_000_000_000),
    ("999999999990.000000000000000000000000001e-1", 99_999_999_999_000_000),
    ("9.223372036854775807e18", 9_223_372_036_854_775),
    ("100000000000000000.9", 100_000_000_000_000),
    // Fourteen digits that are no date.
    ("20241326044641", 20_241_326_044_641_000), ("20241026044661", 20_241_026_044_661_000),
    ("-20241026044641", -20_241_026_044_641_000),
  ])
  func tellsTheUnitOfANumberByItsSize(text: String, microseconds: Int64) {
    #expect(number(text)?.microseconds == microseconds)
  }

  @Test(arguments: [
    "", "-", "+1", ".5", "1.", "-.5", "01", "00", "1e", "1e+", "e9", "1e9.5", "1e9 ", "1.e9", " 1",
    "1 ", "0x1", "1_0",
    "9223372036854775808", "1e19", "1e999999999999999999999", "20241026044641",
    "20241026044641.024",
    "2.0241026044641e13", "20241026044641024", "20241026044641024123", "99999999999999999999999",
    "-99999999999", "1..2", "1.2.3", "NaN",
    "null",
  ])
  func refusesOtherNumbers(text: String) {
    #expect(number(text) == nil)
  }

  @Test(arguments: [
    "2024-1-01", "2024-01-1", "2024-02-30", "2024-01-01T", "20240101", "", "0000-01-01",
  ])
  func refusesWhatIsNoDate(text: String) {
    #expect(date(text) == nil)
  }

  @Test func survivesRandomDamage() {
    var generator = SeededGenerator(seed: 4)
    let original = Array("2023-07-10T11:42:36.123+02:00".utf8)
    for _ in 0..<20_000 {
      var text = original.prefix(Int.random(in: 0...original.count, using: &generator)) + []
      for _ in 0..<Int.random(in: 0...3, using: &generator) where !text.isEmpty {
        let at = Int.random(in: 0..<text.count, using: &generator)
        text[at] = UInt8.random(in: 0...255, using: &generator)
      }
      text.withUnsafeBufferPointer { view in
        for time in [Timestamp(rfc3339: view), Timestamp(number: view), Timestamp(date: view)] {
          if let time { #expect(read(written(time) ?? "") == time) }
        }
      }
    }
  }

  @Test func keepsToItsRange() {
    #expect(Timestamp(seconds: -62_135_596_801) == nil)
    #expect(Timestamp(seconds: 253_402_300_800) == nil)
    #expect(Timestamp(seconds: .max) == nil)
    #expect(Timestamp(seconds: .min) == nil)
    #expect(Timestamp(microseconds: 253_402_300_799_999_999) != nil)
    #expect(Timestamp(microseconds: 253_402_300_800_000_000) == nil)
    #expect(Timestamp(microseconds: -62_135_596_800_000_001) == nil)
  }

  @Test func ordersAndRoundsDown() throws {
    let early = try #require(Timestamp(microseconds: -1))
    let late = try #require(Timestamp(microseconds: 1))
    #expect(early < late)
    #expect(early.seconds == -1)
    #expect(late.seconds == 0)
    #expect(written(early) == "1969-12-31T23:59:59.999999Z")
  }

  @Test func writesTheHour() throws {
    var buffer = ByteBuffer()
    try #require(read("2023-07-10T01:30:00+02:00")).append(hourTo: &buffer)
    #expect(buffer.text == "23")
  }

  @Test func readsTheClock() throws {
    let before = Date().timeIntervalSince1970
    let now = try #require(Timestamp.now())
    #expect(abs(Double(now.microseconds) / 1e6 - before) < 60)
  }
}
