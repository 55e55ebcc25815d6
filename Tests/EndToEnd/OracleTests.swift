import Foundation
import Testing

/// `Tests/Oracle/attribution.py` works out from the contract alone what is to be added to an event,
/// slowly and obviously, and compares. It runs where Python is.
@Suite struct OracleTests {
  private static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

  @Test(.enabled(if: hasPython, "there is no /usr/bin/python3"), arguments: [1, 1001])
  func agreesOnRandomWorlds(_ seed: Int) throws {
    let oracle = Places.root.appendingPathComponent("Tests/Oracle/attribution.py").path
    let outcome = try Sandbox().run("python3 '\(oracle)' \"$TRAILMILL\" \(seed) 40 60")
    #expect(outcome.output == "2400 events in 40 worlds: as expected\n", "\(outcome.errors)")
    #expect(outcome.code == 0)
  }
}
