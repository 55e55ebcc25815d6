import CommandLine
import Foundation
import TestSupport
import Testing

@testable import trailmill

/// The help of trailmill and of all commands is what `fixtures/help.txt` says. After a change that is meant,
/// run `TRAILMILL_POPULATE=1 swift test --filter HelpTests`, and read the diff.
@Suite struct HelpTests {
  static let recorded = Repository.file("fixtures/help.txt")

  static var all: String {
    let program = Commands.program
    let help = HelpText(program)
    var text = "$ trailmill help\n" + help.overview
    for command in program.commands {
      text += "\n$ trailmill help \(command.name)\n" + help.command(command)
    }
    return text + "\n$ trailmill help keys\n" + help.group("keys")
  }

  @Test func theHelpIsAsRecorded() throws {
    if ProcessInfo.processInfo.environment["TRAILMILL_POPULATE"] == "1" {
      try Data(HelpTests.all.utf8).write(to: HelpTests.recorded)
    }
    let expected = try String(contentsOf: HelpTests.recorded, encoding: .utf8)
    let lines = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let actual = HelpTests.all.split(separator: "\n", omittingEmptySubsequences: false)
    let difference = actual.difference(from: lines).map { change in
      switch change {
      case .insert(let line, let text, _): "\(line + 1) now: \(text)"
      case .remove(let line, let text, _): "\(line + 1) recorded: \(text)"
      }
    }
    if !difference.isEmpty { Issue.record("\(difference.joined(separator: "\n"))") }
  }

  @Test(arguments: ["man", "groff"]) func theManualPageRenders(_ renderer: String) throws {
    guard let path = Shells.path(renderer) else { return }
    let page = ManualPage(Commands.program).text
    let arguments = renderer == "man" ? ["-l", "-"] : ["-man", "-Tutf8", "-ww"]
    let (text, code) = try Shells.run(path, arguments, input: page)
    // A stub of `man` stands where packages come without documentation.
    guard !text.contains("minimized") else { return }
    #expect(code == 0)
    #expect(!text.contains("warning") && !text.contains("error:"), "\(text.prefix(2000))")
    let plain = text.replacing(/\u{1B}\[[0-9;]*m/, with: "").replacing(/.\u{8}/, with: "")
    for command in Commands.program.commands {
      #expect(plain.contains("trailmill \(command.name)"), "\(command.name)")
    }
    #expect(plain.contains("--signing-key FILE") && plain.contains("EXIT STATUS"))
  }
}
