import Testing

@testable import Terminal

@Suite struct ProgressBarTests {
  @Test func withoutATotalThereAreFiguresAlone() {
    #expect(
      ProgressBar.text(records: 1234, bytes: 2048, of: nil, seconds: 2)
        == "1,234 records  2.0 KiB  1.0 KiB/s")
    #expect(
      ProgressBar.text(records: 0, bytes: 0, of: 0, seconds: 0) == "0 records  0 B  0 B/s")
  }

  @Test func withATotalTheTimeThatIsLeft() {
    #expect(
      ProgressBar.text(records: 10, bytes: 50, of: 100, seconds: 60)
        == "██████████░░░░░░░░░░ 50 %  10 records  50 B  0 B/s  1:00 left")
    #expect(
      ProgressBar.text(records: 10, bytes: 1, of: 10_001, seconds: 1).hasSuffix("2:46:40 left"))
  }

  @Test func neverMoreThanTheTotalOrNinetyNineHours() {
    let full = ProgressBar.text(records: 1, bytes: 300, of: 100, seconds: 1)
    #expect(full.hasPrefix(String(repeating: "█", count: 20) + " 100 %"))
    #expect(full.hasSuffix("  0:00 left"))
    #expect(
      ProgressBar.text(records: 1, bytes: 1, of: .max, seconds: 1).hasSuffix("99:59:59 left"))
  }
}
