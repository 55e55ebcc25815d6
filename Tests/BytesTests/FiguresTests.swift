import Bytes
import Testing

@Suite struct FiguresTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-999, "-999"),
    (-1000, "-1,000"), (-123_456, "-123,456"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func digitsStandInGroupsOfThree(_ number: Int, _ text: String) {
    #expect(Figures.grouped(number) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1 << 20, "1.0 MiB"),
    (5 << 40, "5.0 TiB"), (5 << 50, "5120.0 TiB"),
  ])
  func sizesHaveTheLargestUnitThatFits(_ bytes: Int, _ text: String) {
    #expect(Figures.size(bytes) == text)
  }

  @Test func decimalsAreRounded() {
    #expect(Figures.decimal(1.25, places: 1) == "1.3" && Figures.decimal(1.24, places: 1) == "1.2")
    #expect(Figures.decimal(0.0004, places: 3) == "0.000")
    #expect(Figures.decimal(2.5, places: 0) == "3" && Figures.decimal(-1, places: 1) == "0.0")
  }

  @Test func nounsFollowTheirNumber() {
    #expect(Figures.counted(1, "part") == "1 part" && Figures.counted(0, "part") == "0 parts")
    #expect(Figures.counted(1234, "event") == "1,234 events")
  }

  @Test func timesAreSaidAsRFC3339() {
    #expect(Timestamp(microseconds: 0)?.rfc3339 == "1970-01-01T00:00:00Z")
    #expect(Timestamp(microseconds: 1_500_000)?.rfc3339 == "1970-01-01T00:00:01.500Z")
  }
}
