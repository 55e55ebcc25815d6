import Bytes
import TestSupport
import Testing

/// Windows are half open: the first time belongs to them, the last does not.
@Suite struct TimeWindowTests {
  private static let all = TimeWindow()

  private func window(_ since: Int64?, _ until: Int64?) -> TimeWindow {
    TimeWindow(
      since: since.flatMap { Timestamp(microseconds: $0) },
      until: until.flatMap { Timestamp(microseconds: $0) })
  }

  private static let bounds: [Int64?] = [nil, 0, 1, 2, 3]

  @Test(
    arguments: [
      (10, 20, 9, false), (10, 20, 10, true), (10, 20, 19, true), (10, 20, 20, false),
      (10, nil, 9, false), (10, nil, 10, true), (nil, 20, 19, true), (nil, 20, 20, false),
      (nil, nil, -5, true), (10, 10, 10, false), (10, 11, 10, true),
    ] as [(Int64?, Int64?, Int64, Bool)])
  func theFirstTimeIsInsideAndTheLastIsNot(
    _ since: Int64?, _ until: Int64?, _ time: Int64, _ isInside: Bool
  ) throws {
    let window = window(since, until)
    #expect(window.contains(time) == isInside)
    #expect(window.contains(try #require(Timestamp(microseconds: time))) == isInside)
  }

  @Test(
    arguments: [
      (10, 20, 0, 9, false), (10, 20, 0, 10, true), (10, 20, 19, 30, true), (10, 20, 20, 30, false),
      (10, 20, 12, 13, true), (10, 20, 0, 30, true), (10, nil, 0, 9, false), (10, nil, 0, 10, true),
      (nil, 20, 19, 19, true), (nil, 20, 20, 20, false), (nil, nil, 0, 0, true),
    ] as [(Int64?, Int64?, Int64, Int64, Bool)])
  func eventsMayMeetItWhereTheirLastIsAtItsFirst(
    _ since: Int64?, _ until: Int64?, _ first: Int64, _ last: Int64, _ mayMeet: Bool
  ) throws {
    let window = window(since, until)
    #expect(window.mayMeet(first, last) == mayMeet)
    let times = try [first, last].map { try #require(Timestamp(microseconds: $0)) }
    #expect(window.mayMeet(times[0], times[1]) == mayMeet)
  }

  /// Events from `first` to `last` may be at any time between: exactly then is one of those inside.
  @Test func mayMeetIsWhatContainsSaysOfEveryTimeBetween() {
    for since in Self.bounds {
      for until in Self.bounds {
        let window = window(since, until)
        guard !window.isEmpty else { continue }
        for first in Int64(-1)...4 {
          for last in first...4 {
            let isMet = (first...last).contains { window.contains($0) }
            #expect(window.mayMeet(first, last) == isMet, "\(window) \(first) \(last)")
          }
        }
      }
    }
  }

  @Test func windowsIntersectWhereATimeIsInsideOfBoth() {
    let windows = Self.bounds.flatMap { since in Self.bounds.map { window(since, $0) } }
      .filter { !$0.isEmpty }
    for one in windows {
      for other in windows {
        let isBoth = (Int64(-1)...4).contains { one.contains($0) && other.contains($0) }
        #expect(one.intersects(other) == isBoth, "\(one) \(other)")
      }
    }
  }

  @Test func aWindowIsEmptyOrHasBounds() {
    #expect(window(2, 2).isEmpty && window(3, 2).isEmpty && !window(2, 3).isEmpty)
    #expect(!window(nil, 3).isEmpty && !window(3, nil).isEmpty && !Self.all.isEmpty)
    #expect(!Self.all.isBounded && window(nil, 3).isBounded && window(3, nil).isBounded)
  }
}
