import Foundation
import Testing

enum Python {
  static let isThere = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")
    .split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/python3")
    }
}

/// `Tests/Oracle` holds second opinions, slow and obvious: each works out from the contract alone
/// what the tool has to write for random events, hostile ones included, and compares. Here samples
/// are asked for; `Tests/Oracle/run.sh` without `--quick` asks for all of it.
@Suite(.enabled(if: Python.isThere, "there is no python3")) struct OracleTests {
  @Test func attributions() throws { try agrees("attribution") }
  @Test func attributionsInOtherWorlds() throws { try agrees("attribution-elsewhere") }
  @Test func propertiesOfAttributions() throws { try agrees("properties") }
  @Test func redactions() throws { try agrees("redact") }
  @Test func answersToQuestions() throws { try agrees("search") }
  @Test func figuresOfReports() throws { try agrees("report") }

  private func agrees(_ opinion: String) throws {
    let script = Places.root.appending(path: "Tests/Oracle/run.sh").path
    let sandbox = try Sandbox()
    let outcome = try sandbox.run("TMPDIR=\"$PWD\" '\(script)' \"$TRAILMILL\" --quick \(opinion)")
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.hasPrefix("\(opinion): "))
  }
}
