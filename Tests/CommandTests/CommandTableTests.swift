import CommandLine
import Settings
import Testing

@testable import trailmill

/// What holds of every command of the table.
@Suite struct CommandTableTests {
  static let commands = Commands.program.commands

  @Test func namesAreUnique() {
    #expect(Set(Self.commands.map(\.name)).count == Self.commands.count)
    for command in Self.commands {
      #expect(Set(command.options.map(\.name)).count == command.options.count, "\(command.name)")
    }
  }

  @Test func summariesAreOneShortLine() {
    for command in Self.commands {
      #expect(!command.summary.contains("\n") && command.summary.count <= 75, "\(command.name)")
      for option in command.options {
        #expect(option.summary.count <= 85, "\(command.name) --\(option.name)")
      }
    }
  }
}
