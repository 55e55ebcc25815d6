import Bytes
import Settings
import Testing

@testable import CommandLine

@Suite struct OptionKindTests {
  private func message<Value>(_ option: Option<Value>, _ text: String) -> String {
    do { return "\(try option.read(text))" } catch { return error.description }
  }

  @Test(arguments: [
    ("1", "1"), ("256", "256"), ("+7", "7"),
    ("0", "--threads must be a number from 1 to 256, found \"0\""),
    ("257", "--threads must be a number from 1 to 256, found \"257\""),
    ("many", "--threads must be a number from 1 to 256, found \"many\""),
    ("", "--threads must be a number from 1 to 256, found \"\""),
  ])
  func numbers(_ text: String, _ expected: String) {
    #expect(message(Toy.threads, text) == expected)
  }

  @Test(arguments: [
    ("red", "red"), ("blue", "--color must be one of red, green, found \"blue\""),
    ("RED", "--color must be one of red, green, found \"RED\""),
  ])
  func choices(_ text: String, _ expected: String) {
    #expect(message(Toy.color, text) == expected)
  }

  @Test(arguments: [
    ("2024-01-31", 1_706_659_200), ("2024-01-31T12:00:00Z", 1_706_702_400),
    ("2024-01-31T14:00:00+02:00", 1_706_702_400),
  ])
  func times(_ text: String, _ seconds: Int64) throws {
    #expect(try Toy.since.read(text).seconds == seconds)
  }

  @Test(arguments: ["", "2024-13-01", "1706659200", "soon"])
  func notTimes(_ text: String) {
    #expect(
      message(Toy.since, text)
        == "--since must be a time such as 2024-01-31, \"2024-01-31 12:00\" (UTC), yesterday or 7d (ago), "
        + "found \"\(text)\"")
  }

  @Test func aWordThatIsNearlyATimeIsNamed() {
    #expect(
      message(Toy.since, "yesteday 12:00")
        == "--since: \"yesteday 12:00\" is no time: did you mean \"yesterday\"?")
  }

  @Test func relativeTimesAreHeldAgainstTheClock() throws {
    let week = try #require(Timestamp.now()).microseconds - 7 * 86_400_000_000
    let since = try Toy.since.read("7d").microseconds
    #expect(abs(since - week) < 3_600_000_000)
    #expect(try Toy.since.read("1w").microseconds == since)
  }

  @Test(arguments: [("a", "a"), ("-", "-"), ("", "--output needs a path or \"-\"")])
  func outputs(_ text: String, _ expected: String) {
    #expect(message(Toy.output, text) == expected)
  }

  @Test(arguments: ["keys", "=x", ""]) func notAssignments(_ text: String) {
    #expect(message(Toy.set, text) == "--set needs NAME=VALUE, found \"\(text)\"")
  }

  @Test(arguments: [
    ("1024", "1024"), ("4KiB", "4096"),
    ("1023", "--size must be a size such as 2KiB, found \"1023\""),
    ("5KiB", "--size must be a size such as 2KiB, found \"5KiB\""),
    ("2kB", "--size must be a size such as 2KiB, found \"2kB\""),
  ])
  func sizesOfDefinitions(_ text: String, _ expected: String) {
    #expect(message(Toy.size, text) == expected)
  }

  @Test(arguments: [
    ("0", "0"), ("5kB", "5000"), ("4KiB", "4096"),
    ("5KiB", "--budget must be a size up to 5kB, found \"5KiB\""),
    ("99999999999999MB", "--budget must be a size up to 5kB, found \"99999999999999MB\""),
    ("kB", "--budget must be a size up to 5kB, found \"kB\""),
    ("1GiB", "--budget must be a size up to 5kB, found \"1GiB\""),
  ])
  func sizesWithDecimalUnits(_ text: String, _ expected: String) {
    #expect(message(Toy.budget, text) == expected)
  }

  @Test func durations() throws {
    #expect(try Toy.grace.read("0s").microseconds == 0)
    #expect(try Toy.grace.read("7d") == .days(7))
    #expect(try Toy.grace.read("99999999999999d").microseconds == .max)
    #expect(
      message(Toy.grace, "7 weeks")
        == "--grace must be a duration such as 12h or 7d, found \"7 weeks\"")
  }
}
