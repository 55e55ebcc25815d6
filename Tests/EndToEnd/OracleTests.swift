import Foundation
import Testing

/// `Tests/Oracle/` holds second opinions, slow and obvious: each works out from the contract alone
/// what the tool has to write for random events, hostile ones included, and compares. They run where
/// Python is.
@Suite struct OracleTests {
  private static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

  @Test(
    .enabled(if: hasPython, "there is no /usr/bin/python3"),
    arguments: [
      ("attribution 1 300 50", "15000 events in 300 worlds: as expected"),
      ("attribution 1001 300 50", "15000 events in 300 worlds: as expected"),
      ("properties 1 40 60", "5 properties in 40 worlds: all hold"),
      ("redact 1 40 60", "2400 events in 40 worlds: as expected"),
      ("search 1 4 8", "160 questions to 4 archives: as expected"),
      ("report 1 4 4", "80 reports on 4 archives: as expected"),
    ])
  func agreesOnRandomWorlds(_ oracle: String, _ verdict: String) throws {
    let words = oracle.split(separator: " ", maxSplits: 1)
    let script = Places.root.appendingPathComponent("Tests/Oracle/\(words[0]).py").path
    let outcome = try Sandbox().run(
      "/usr/bin/python3 -B '\(script)' \"$TRAILMILL\" \(words[1])")
    #expect(outcome.output == verdict + "\n", "\(outcome.errors)")
    #expect(outcome.code == 0)
  }
}
