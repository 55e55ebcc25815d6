import Testing

@testable import Terminal

@Suite struct ProgressBarTests {
  @Test func withoutATotalThereAreFiguresAlone() {
    #expect(
      ProgressBar.text(records: 1234, bytes: 2048, of: nil, speed: 1024)
        == "1,234 records  2.0 KiB  1.0 KiB/s")
    #expect(
      ProgressBar.text(records: 0, bytes: 0, of: 0, speed: 0) == "0 records  0 B  0 B/s")
  }

  @Test func withATotalTheTimeThatIsLeft() {
    #expect(
      ProgressBar.text(records: 10, bytes: 50, of: 100, speed: 50.0 / 60)
        == "██████████░░░░░░░░░░ 50 %  10 records  50 B  0 B/s  1:00 left")
    #expect(
      ProgressBar.text(records: 10, bytes: 1, of: 10_001, speed: 1).hasSuffix("2:46:40 left"))
  }

  @Test func neverMoreThanTheTotalOrNinetyNineHours() {
    let full = ProgressBar.text(records: 1, bytes: 300, of: 100, speed: 300)
    #expect(full.hasPrefix(String(repeating: "█", count: 20) + " 100 %"))
    #expect(full.hasSuffix("  0:00 left"))
    #expect(
      ProgressBar.text(records: 1, bytes: 1, of: .max, speed: 1).hasSuffix("99:59:59 left"))
  }

  @Test func whatStandsStillHasNoSpeedAndNoEnd() {
    #expect(
      ProgressBar.text(records: 10, bytes: 2048, of: nil, speed: 0, idle: 75)
        == "10 records  2.0 KiB  waiting for 1:15")
    #expect(
      ProgressBar.text(records: 10, bytes: 50, of: 100, speed: 9, idle: 2)
        == "██████████░░░░░░░░░░ 50 %  10 records  50 B  waiting for 0:02")
    #expect(ProgressBar.text(records: 10, bytes: 50, of: 100, speed: 0).hasSuffix("50 B  0 B/s"))
  }

  @Test func theSpeedIsThatOfTheLastSeconds() {
    var speed = ReadingSpeed(start: 0)
    #expect(speed.bytesPerSecond == 0 && speed.idleSeconds(at: 1.9) == nil)
    for second in 1...10 { speed.take(second * 100, at: Double(second)) }
    #expect(speed.bytesPerSecond == 100 && speed.idleSeconds(at: 10) == nil)
    for second in 11...13 { speed.take(1000, at: Double(second)) }
    #expect(speed.bytesPerSecond == 40 && speed.idleSeconds(at: 13) == 3)
    for second in 14...20 { speed.take(1000, at: Double(second)) }
    #expect(speed.bytesPerSecond == 0 && speed.idleSeconds(at: 20) == 10)
    speed.take(1001, at: 21)
    #expect(speed.idleSeconds(at: 21) == nil && speed.bytesPerSecond > 0)
  }
}
