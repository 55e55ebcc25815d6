import Bytes
import JSONText
import TestSupport
import Testing
import Trail

/// Two dialects have the same rule for times if every event has the same time by both.
@Suite struct TimeRuleTests {
  private func dialect(_ time: [String], zone: String? = nil, format: String? = nil) throws
    -> Dialect
  {
    var dialect = Dialect(
      name: "d", pointers: [.time: try time.map { try JSONPointer($0) }])
    dialect.times = TimeRules(
      zone: zone.flatMap { text in withBytes(text) { UTCOffset($0) } },
      formats: try [format].compactMap { $0 }.map { try TimeFormat($0) })
    return dialect
  }

  @Test func whatDecidesATimeIsInTheRule() throws {
    let rules = [
      try dialect(["/a"]), try dialect(["/b"]), try dialect(["/a", "/b"]),
      try dialect(["/b", "/a"]),
      try dialect(["/a,/b"]), try dialect([]), try dialect(["/a"], zone: "UTC"),
      try dialect(["/a"], zone: "+01:00"),
      try dialect(["/a"], zone: "+01:00", format: "%Y %m %d %H:%M:%S"),
      try dialect(["/a"], zone: "+01:00", format: "%Y-%m-%d %H:%M:%S"),
    ].map(\.timeRule)
    #expect(Set(rules).count == rules.count)
  }

  @Test func nothingElseIs() throws {
    var other = try dialect(["/a"], zone: "+00:00")
    other.name = "another"
    other.pointers[.account] = [try JSONPointer("/account")]
    #expect(other.timeRule == (try dialect(["/a"], zone: "UTC")).timeRule)
  }

  /// If this fails, events have other times than before: count up `Dialect.reading`, and record it anew.
  @Test func theRuleIsWhatItWas() throws {
    let rule = try dialect(["/timestamp"], zone: "+02:00").timeRule.hex
    #expect(rule.prefix(16) == "ce4eb12c787f4f4d")
  }
}
