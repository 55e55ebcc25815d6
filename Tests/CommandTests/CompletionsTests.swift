import CommandLine
import Foundation
import Testing

@testable import trailmill

@Suite struct CompletionsTests {
  @Test(arguments: Shell.allCases) func theScriptIsValid(_ shell: Shell) throws {
    guard let path = Shells.path(shell.rawValue) else { return }
    let (text, code) = try Shells.run(path, ["-n"], input: shell.completions(Commands.program))
    #expect(code == 0 && text == "", "\(text)")
  }

  @Test(arguments: Shell.allCases) func everyCommandAndOptionIsThere(_ shell: Shell) {
    let script = shell.completions(Commands.program)
    for command in Commands.program.commands {
      let words = command.name.split(separator: " ")
      #expect(words.allSatisfy { script.contains($0) }, "\(command.name)")
      for option in command.options {
        #expect(
          script.contains(shell == .fish ? "-l \(option.name)" : "--\(option.name)"),
          "\(command.name) --\(option.name)")
      }
    }
  }

  /// Words of a command line as bash splits them, the last one unfinished, and what is offered for it.
  static let offers: [(words: [String], offered: String)] = [
    (["comp"], "compact completions"), (["keys", ""], "learn show generate-signing"),
    (["keys", "s"], "show"), (["search", "--f"], "--format"),
    (["search", "--format", ""], "ndjson table csv"), (["search", "--format", "=", "t"], "table"),
    (["search", "--format", "="], "ndjson table csv"), (["search", "--limit", ""], ""),
    (["keys", "learn", "--d"], "--dialect --definition"),
    (["run", "--progress", "a"], "auto always"), (["stages", "dis"], "display_actor"),
    (["completions", ""], "bash zsh fish"), (["help", "comp"], "compact completions"),
    (["report", "--h"], "--head --help"),
    (["search", ""], "folder"), (["check", ""], "file.json5 folder"),
    (["retry", "file.json5", ""], "folder"), (["hold", "folder", ""], ""),
    (["retry", "--threads", "2", "file.json5", ""], "folder"),
    (["retry", "--threads", "=", "2", "file.json5", ""], "folder"),
    (["run", "--output", "f"], "file.json5 folder"), (["report", "-o", "fi"], "file.json5"),
  ]

  @Test(arguments: offers.map(\.words)) func bashOffers(_ words: [String]) throws {
    guard let bash = Shells.path("bash") else { return }
    let expected = Self.offers.first { $0.words == words }?.offered
    let line = (["trailmill"] + words).map { "'\($0)'" }.joined(separator: " ")
    let script = """
      touch file.json5; mkdir folder
      \(Shell.bash.completions(Commands.program))
      complete -p trailmill > /dev/null || exit 1
      COMP_WORDS=(\(line)) COMP_CWORD=\(words.count)
      _trailmill
      echo "${COMPREPLY[*]}"
      """
    let (text, code) = try Shells.run(bash, ["-c", script])
    #expect(code == 0)
    let offered = Set(text.split(whereSeparator: \.isWhitespace))
    #expect(offered == Set((expected ?? "?").split(separator: " ")), "\(words): \(text)")
  }
}
