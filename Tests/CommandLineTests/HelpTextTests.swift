import Settings
import Testing

@testable import CommandLine

@Suite struct HelpTextTests {
  private let help = HelpText(Toy.program)

  @Test func theOverviewListsCommandsAndExitCodes() {
    #expect(
      help.overview == """
        toy: paints things.

        usage: toy COMMAND …

          paint FILE [FOLDER…]              paint a file
          keys list                         list the keys
          keys make KIND                    make a key
          --version                         print the version

        More is elsewhere.

        exit codes: 0 done, or nothing to do · 2 command line or definition is wrong · 3 more than
        limits allow (too much in quarantine, too many partitions) · 4 reading, writing or the
        environment failed · 5 what was verified does not hold · 6 the archive is in use · 7 signals
        were found, and the definition says to fail on them (published) · 128+n ended by signal n

        """)
  }

  @Test func aCommandSaysItsOptionsAndExitCodes() {
    let text = help.command(Toy.paint)
    #expect(text.hasPrefix("usage: toy paint FILE [FOLDER…]\n\npaint a file\n\nIt's \"wet\".\n"))
    for line in [
      "  --threads N                     workers", "  --color red|green               of the paint",
      "  -o, --output PATH|-             write there",
      "  --dry-run                       do nothing",
      "  0  done, or nothing to do", "  6  the archive is in use",
    ] {
      #expect(text.contains(line + "\n"))
    }
    #expect(!text.contains("limits allow"))
  }

  @Test func aGroupListsItsCommands() {
    #expect(
      help.group("keys") == """
        usage: toy keys COMMAND …

          keys list                         list the keys
          keys make KIND                    make a key

        "toy help keys COMMAND" tells more.

        """)
  }

  @Test(arguments: [
    (["paint", "x"], "paint"), (["keys", "list"], "keys list"), (["keys"], "keys"),
    (["keys", "--help"], "keys"), (["keys", "lost"], "keys lost"), (["nothing"], "nothing"),
  ])
  func commandsAreFoundByOneWordOrTwo(_ words: [String], _ name: String) {
    #expect(Toy.program.commandName(words) == name)
  }

  @Test func unknownCommandsAreCompared() {
    #expect(
      Toy.program.unknownCommand("piant").description
        == "unknown command \"piant\": did you mean \"paint\"?")
    #expect(
      Toy.program.unknownCommand("zzzzzzz").description
        == "unknown command \"zzzzzzz\": \"toy help\" lists the commands")
  }
}
