import Bytes
import History
import TestArchives
import TestSupport
import Testing
import Trail

/// What rows of digests say of days is read as it was written, or not gone by.
struct EventDaysTests {
  private static let rule = RunScript.digest("rule").hex

  private static func row(_ more: String, kind: String = "digests") -> String {
    #"{"kind":"\#(kind)","path":"_trailmill/\#(kind)/000000000001-0a0a0a0a.\#(kind)","staged":"x""#
      + #","bytes":1,"sha256":"\#(rule)","records":1,"blocks_root":"\#(rule)"\#(more)}"#
  }

  private func claim(_ more: String) throws -> EventDays.Claim {
    var reader = ManifestRowReader()
    let row = try #require(withBytes(EventDaysTests.row(more)) { reader.read($0) })
    #expect(row.blocksRoot != nil && row.records == 1)
    return row.daysClaim
  }

  private static let ofRule = #","time_rule":"\#(rule)""#

  @Test func daysAreReadAndNullIsOne() throws {
    let claim = try claim(#","days":[null,"2026-03-02","2026-03-03"]"# + EventDaysTests.ofRule)
    guard case .days(let days) = claim else { throw Unexpected() }
    #expect(days.days.map(\.date) == [nil, "2026-03-02", "2026-03-03"])
    #expect(days.rule.hex == EventDaysTests.rule)
  }

  @Test func earlierVersionsSayNothing() throws { #expect(try claim("") == .nothing) }

  @Test(arguments: [
    #","days":["2026-03-02"]"#, EventDaysTests.ofRule, #","days":[]"# + EventDaysTests.ofRule,
    #","days":"2026-03-02""# + EventDaysTests.ofRule, #","days":null"# + EventDaysTests.ofRule,
    #","days":{"a":"2026-03-02"}"# + EventDaysTests.ofRule,
    #","days":[20514]"# + EventDaysTests.ofRule,
    #","days":[["2026-03-02"]]"# + EventDaysTests.ofRule,
    #","days":["2026-02-29"]"# + EventDaysTests.ofRule, #","days":[""]"# + EventDaysTests.ofRule,
    #","days":["2026-03-02T00:00:00Z"]"# + EventDaysTests.ofRule,
    #","days":["-001-03-02"]"# + EventDaysTests.ofRule,
    #","days":["0000-03-02"]"# + EventDaysTests.ofRule,
    #","days":["2026-03-03","2026-03-02"]"# + EventDaysTests.ofRule,
    #","days":["2026-03-02","2026-03-02"]"# + EventDaysTests.ofRule,
    #","days":["2026-03-02",null]"# + EventDaysTests.ofRule,
    #","days":[null,null]"# + EventDaysTests.ofRule,
    #","days":["2026-03-02"],"days":["2026-03-02"]"# + EventDaysTests.ofRule,
    #","days":["2026-03-02"],"time_rule":"12""#, #","days":["2026-03-02"],"time_rule":null"#,
  ]) func whatNoRunWritesIsNotGoneBy(_ more: String) throws {
    #expect(try claim(more) == .malformed)
  }

  @Test(arguments: [1000, 1001, 150_000]) func aThousandDaysAreTheMost(_ count: Int) throws {
    let dates = (0..<Int32(count)).compactMap { EventDay(number: $0)?.date }.map { "\"\($0)\"" }
    let claim = try claim(",\"days\":[\(dates.joined(separator: ","))]" + EventDaysTests.ofRule)
    #expect((claim == .malformed) == (count > 1000))
  }

  private struct Unexpected: Error {}
}
