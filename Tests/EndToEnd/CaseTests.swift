import Foundation
import TestSupport
import Testing

/// The cases of `fixtures/cases` (see `Case`), on the binary.
///
/// After a change that is meant to show, run `TRAILMILL_POPULATE=1 swift test --filter CaseTests`,
/// and read the diff. For a new case write `cmd` (and an empty `exptree` if files matter) first.
@Suite struct CaseTests {
  static let cases = Case.all(below: Places.cases)
  static let populates = ProcessInfo.processInfo.environment["TRAILMILL_POPULATE"] == "1"

  @Test(arguments: cases) func comesOutAsRecorded(_ wanted: Case) throws {
    if CaseTests.populates { return try wanted.record() }
    for difference in try wanted.differences() { Issue.record("\(difference)") }
  }

  @Test func haveTheFormOfCases() throws {
    let problems = try CaseTests.cases.flatMap { try $0.problems() }
    #expect(problems == [])
  }

  /// Each group is named after a command, and each command has a case.
  @Test func coverEachCommand() throws {
    let help = try Sandbox().run("\"$TRAILMILL\" help").output
    let commands = Set(
      help.matches(of: #/(?m)^  ([a-z]+(?: [a-z-]+)?) /#).map { $0.1.replacing(" ", with: "-") })
    let groups = Set(CaseTests.cases.map(\.group.lastPathComponent))
    #expect(commands.count > 15, "\(help)")
    #expect(commands.filter { command in !groups.contains { $0.hasPrefix(command) } } == [])
    let roots = Set(commands.map { $0.prefix { $0 != "-" } })
    #expect(groups.filter { !roots.contains($0.prefix { $0 != "-" }) } == [])
  }
}
