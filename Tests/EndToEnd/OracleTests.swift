import Foundation
import Testing

/// `Tests/Oracle/` holds second opinions, slow and obvious: each works out from the contract alone
/// what the tool has to write for random events, hostile ones included, and compares. They run where
/// Python is.
@Suite struct OracleTests {
  private static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

  @Test(
    .enabled(if: hasPython, "there is no /usr/bin/python3"),
    arguments: [("attribution", 1), ("attribution", 1001), ("redact", 1)])
  func agreesOnRandomWorlds(_ oracle: String, _ seed: Int) throws {
    let script = Places.root.appendingPathComponent("Tests/Oracle/\(oracle).py").path
    let outcome = try Sandbox().run(
      "/usr/bin/python3 -B '\(script)' \"$TRAILMILL\" \(seed) 40 60")
    #expect(outcome.output == "2400 events in 40 worlds: as expected\n", "\(outcome.errors)")
    #expect(outcome.code == 0)
  }
}
