import Engine
import Foundation
import Pipeline
import TestSupport
import Testing

/// A limit is what may be reached; what exceeds it ends the run.
@Suite struct QuarantineLimitsTests {
  @Test(arguments: [
    ("unreadable: 1", 1, 3, false), ("unreadable: 1", 2, 3, true),
    ("unreadable: \"50%\"", 2, 2, false), ("unreadable: \"50%\"", 3, 2, true),
    ("unreadable: 0", 0, 2, false), ("unreadable: 0", 1, 2, true),
    ("unreadable: null", 5, 0, false), ("unreadable: \"33.34%\"", 1, 2, false),
    ("unreadable: \"33.33%\"", 1, 2, true),
  ])
  func unreadable(_ limit: String, _ bad: Int, _ good: Int, _ isRefused: Bool) throws {
    let mill = try Mill()
    let definition = try mill.definition(rest: "limits: { \(limit) }")
    try mill.input(
      "a", Array(1..<(1 + good)), text: String(repeating: "{\"no event\n", count: bad))
    let outcome = try mill.run(definition, ["a"])
    #expect((outcome.refusal != nil) == isRefused, "\(outcome.refusal ?? "")")
    #expect(outcome.summary.tally.unreadable == bad)
    guard isRefused else { return }
    let bound = limit.dropFirst("unreadable: ".count).filter { $0 != "\"" }
    #expect(outcome.refusal?.contains("limits.unreadable allows (\(bound))") == true)
    // Nothing is published, and the quarantine is kept.
    #expect(mill.files.filter { !$0.hasPrefix("_trailmill/") }.isEmpty)
    #expect(mill.files.filter { $0.hasPrefix("_trailmill/failed/") }.count == 1)
    #expect(outcome.summary.notices.contains { $0.hasPrefix("the quarantine is kept in ") })
  }
}
