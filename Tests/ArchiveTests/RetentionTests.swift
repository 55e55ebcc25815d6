import Archive
import Bytes
import History
import TestArchives
import TestSupport
import Testing

/// What may expire, at the edges of windows: an event at the time itself is kept, and one at a hold's end is
/// not held.
@Suite struct RetentionTests {
  private static let (first, last) = ("2026-11-20T10:00:00Z", "2026-11-20T12:00:00Z")
  private static let justAfter = "2026-11-20T12:00:00.000001Z"

  private func archive(_ holds: [(since: String?, until: String?)] = []) throws -> TestArchive {
    let archive = try TestArchive()
    try archive.commit([["{\"a\":1}"]], first: Self.first, last: Self.last)
    for (number, hold) in holds.enumerated() {
      try archive.commit(.hold) { _, commit in
        commit.hold = Hold(
          name: "hold \(number)",
          window: TimeWindow(since: hold.since.flatMap(time), until: hold.until.flatMap(time)),
          reason: "")
      }
    }
    return archive
  }

  private func retention(_ archive: TestArchive, _ before: String) throws -> Retention {
    Retention(try archive.files, before: try #require(time(before)))
  }

  @Test func aPartGoesWhenAllOfItIsBeforeTheTime() throws {
    let archive = try archive()
    for (before, count) in [(Self.first, 0), (Self.last, 0), (Self.justAfter, 1)] {
      #expect(try retention(archive, before).expired.count == count, "\(before)")
    }
  }

  @Test func aQuarantineGoesWhenItsRunWasBeforeTheTime() throws {
    let archive = try TestArchive()
    try RunScript(parts: []).run(archive.path)
    for (before, count) in [("2026-11-20T03:00:00Z", 0), ("2026-11-20T03:00:00.000001Z", 1)] {
      #expect(try retention(archive, before).expired.count == count, "\(before)")
    }
  }

  @Test(
    arguments: [
      (nil, first, false), (nil, "2026-11-20T10:00:00.000001Z", true), (justAfter, nil, false),
      (last, nil, true), (first, last, true),
      ("2026-11-20T11:00:00Z", "2026-11-20T11:30:00Z", true),
      ("2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z", false),
    ] as [(String?, String?, Bool)])
  func aHoldKeepsPartsThatReachIntoIt(_ since: String?, _ until: String?, _ isHeld: Bool) throws {
    let retention = try retention(archive([(since, until)]), "2026-11-21T00:00:00Z")
    #expect(retention.expired.count == (isHeld ? 0 : 1))
    #expect(retention.held.map(\.hold) == (isHeld ? ["hold 0"] : []))
  }

  /// Nobody knows when events without a time were.
  @Test func aHoldKeepsWhatHasNoTime() throws {
    let hold = Hold(name: "h", window: TimeWindow(until: time(Self.first)), reason: "")
    #expect(hold.protects(nil, nil) && hold.protects(time(Self.last), nil))
    #expect(!hold.protects(time(Self.first), time(Self.last)))
  }
}
