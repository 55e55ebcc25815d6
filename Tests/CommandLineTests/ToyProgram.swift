import CommandLine
import Terminal

/// A program with one of everything.
enum Toy {
  enum Color: String, CaseIterable { case red, green }

  static let threads = Option("threads", .number(1...256), "workers")
  static let color = Option("color", .choice(Color.self), "of the paint")
  static let since = Option("since", .time, "from this time on")
  static let set = Option("set", .assignment, repeats: true, "fill a variable")
  static let output = Option("output", .output("PATH|-", or: "-"), letter: "o", "write there")
  static let size = Option(
    "size", .size(1024...4096, units: .definitions, demand: "must be a size such as 2KiB"), "of it")
  static let budget = Option(
    "budget", .size(0...5000, units: .decimalToo, demand: "must be a size up to 5kB"), "for it")
  static let grace = Option("grace", .duration, "how long")
  static let dryRun = Flag("dry-run", "do nothing")

  static let paint = CommandSyntax(
    name: "paint", arguments: "FILE [FOLDER…]", count: 1...3, completions: [.files, .folders],
    summary: "paint a file", details: ["It's \"wet\".\n.dry later, a-b \\ c."],
    options: [threads, color, since, set, output, size, budget, grace, dryRun],
    endsWith: [.inUse])
  static let listKeys = CommandSyntax(
    name: "keys list", arguments: "", count: 0...0, summary: "list the keys")
  static let makeKey = CommandSyntax(
    name: "keys make", arguments: "KIND", count: 1...1, completions: [.words(["big", "small"])],
    summary: "make a key")

  static let program = ProgramSyntax(
    name: "toy", version: "1.2", summary: "paints things.", hint: "More is elsewhere.",
    commands: [paint, listKeys, makeKey])

  static func parse(_ words: [String]) throws -> CommandArguments {
    try CommandArguments(parsing: words, for: paint, of: program)
  }
}
