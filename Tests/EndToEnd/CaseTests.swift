import Foundation
import TestSupport
import Testing

/// Each folder of `fixtures/cases` is a case: `cmd`, a script for bash in an empty directory, and
/// what has to come of it: `expout`, `experr`, `expcode`, and where there is one `exptree`, the
/// files that it leaves.
///
/// After a change that is meant to show, run `TRAILMILL_POPULATE=1 swift test --filter EndToEnd`,
/// and read the diff. For a new case write `cmd` (and an empty `exptree` if files matter) first.
@Suite struct CaseTests {
  static let names: [String] = {
    let entries = try? FileManager.default.contentsOfDirectory(atPath: Places.cases.path)
    return (entries ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }()

  static let populates = ProcessInfo.processInfo.environment["TRAILMILL_POPULATE"] == "1"

  @Test func thereAreCases() { #expect(CaseTests.names.count > 20) }

  @Test(arguments: names) func comesOutAsRecorded(_ name: String) throws {
    let folder = Places.cases.appendingPathComponent(name)
    let script = try String(contentsOf: folder.appendingPathComponent("cmd"), encoding: .utf8)
    let sandbox = try Sandbox()
    let outcome = try sandbox.run(script)
    var actual = [
      "expout": Masks.masked(outcome.output), "experr": Masks.masked(outcome.errors),
      "expcode": "\(outcome.code)\n",
    ]
    let tree = folder.appendingPathComponent("exptree")
    if FileManager.default.fileExists(atPath: tree.path) { actual["exptree"] = try sandbox.tree() }
    for (file, text) in actual.sorted(by: { $0.key < $1.key }) {
      let recorded = folder.appendingPathComponent(file)
      if CaseTests.populates {
        try Data(text.utf8).write(to: recorded)
      } else {
        let expected = String(decoding: try Data(contentsOf: recorded), as: UTF8.self)
        #expect(text == expected, "\(name)/\(file): \(firstDifference(text, expected))")
      }
    }
  }

  /// The first line that differs, as a hint beside the whole texts.
  private func firstDifference(_ actual: String, _ expected: String) -> String {
    let left = actual.split(separator: "\n", omittingEmptySubsequences: false)
    let right = expected.split(separator: "\n", omittingEmptySubsequences: false)
    for line in 0..<max(left.count, right.count) {
      let found = line < left.count ? String(left[line]) : "nothing"
      let wanted = line < right.count ? String(right[line]) : "nothing"
      if found != wanted { return "line \(line + 1): found \(found), expected \(wanted)" }
    }
    return "no difference"
  }
}
