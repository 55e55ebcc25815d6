import Bytes
import TestSupport
import Testing

@testable import CommandLine

@Suite struct TimeExpressionTests {
  /// Read at 13:45:30.25 on the first of March of a leap year.
  private func read(_ text: String) throws -> String? {
    let now = try #require(time("2024-03-01T13:45:30.25Z"))
    return TimeExpression.read(text, now: now)?.rfc3339
  }

  @Test(arguments: [
    ("2024-01-31T12:00:00Z", "2024-01-31T12:00:00Z"),
    ("2024-01-31t12:00:00.5+02:00", "2024-01-31T10:00:00.500Z"),
    ("2024-01-31", "2024-01-31T00:00:00Z"), ("2024-01", "2024-01-01T00:00:00Z"),
    ("2024-01-31 12:00", "2024-01-31T12:00:00Z"), ("2024-01-31T12:00", "2024-01-31T12:00:00Z"),
    ("2024-01-31 12:00:07", "2024-01-31T12:00:07Z"),
    ("2024-01-31 12:00:07.125", "2024-01-31T12:00:07.125Z"),
    ("2024-01-31 12:00 UTC", "2024-01-31T12:00:00Z"), ("2024-01-31 12:00Z", "2024-01-31T12:00:00Z"),
    ("2024-01-31 12:00 +02:00", "2024-01-31T10:00:00Z"),
    ("2024-01-31 12:00-0530", "2024-01-31T17:30:00Z"),
    ("2024-01-31 12:00 +02", "2024-01-31T10:00:00Z"),
  ])
  func datesAreInUTCWhereTheyNameNoZone(_ text: String, _ expected: String) throws {
    #expect(try read(text) == expected)
  }

  @Test(arguments: [
    ("now", "2024-03-01T13:45:30.250Z"), ("today", "2024-03-01T00:00:00Z"),
    ("yesterday", "2024-02-29T00:00:00Z"), ("Yesterday", "2024-02-29T00:00:00Z"),
    ("tomorrow", "2024-03-02T00:00:00Z"), ("yesterday 14:00", "2024-02-29T14:00:00Z"),
    ("today 09:30 +02:00", "2024-03-01T07:30:00Z"), ("7d", "2024-02-23T13:45:30.250Z"),
    ("-7d", "2024-02-23T13:45:30.250Z"), ("90m", "2024-03-01T12:15:30.250Z"),
    ("30s", "2024-03-01T13:45:00.250Z"), ("0s", "2024-03-01T13:45:30.250Z"),
    ("2w", "2024-02-16T13:45:30.250Z"), ("1d12h", "2024-02-29T01:45:30.250Z"),
    ("1 day 12 hours ago", "2024-02-29T01:45:30.250Z"), ("2 weeks ago", "2024-02-16T13:45:30.250Z"),
    ("1 Minute", "2024-03-01T13:44:30.250Z"),
  ])
  func othersAreHeldAgainstTheClock(_ text: String, _ expected: String) throws {
    #expect(try read(text) == expected)
  }

  @Test(arguments: [
    "", " ", "7", "d", "7x", "7d-", "--7d", "ago", " ago", "-", "7 d ago ago", "1.5h", "+7d",
    "yesterday 25:00", "yesterday 2", "today ", "yesterdays", "2024-02-30", "2024-01-31 24:00",
    "2024-01-31 12", "2024-01-31 1:00", "2024-01-31 12:00 CET", "2024-01-31 12:00 +2",
    "2024-01-31  12:00", "12:00", "2024", "99999999999999999999d", "9223372036854775807w",
    "999999999d", "9223372036854775807s 9s", "٧d", "2024-01-31 12:00 +٠٢", "é",
  ])
  func othersAreNone(_ text: String) throws {
    #expect(try read(text) == nil)
  }
}
