internal import Bytes
internal import CommandLine
internal import Disk
internal import History
internal import Schema
internal import Settings
internal import Terminal

/// `trailmill schema`: what another program has to be told to read an archive's parts.
enum SchemaCommand: Command {
  private static let reader = Option(
    "for", .choice(SchemaReader.self), "the program that reads")
  private static let name = Option(
    "name", .tableName, "what the table is called; default: events")
  private static let location = Option(
    "location", .text("PLACE"),
    "where the program finds the archive: s3://bucket/audit; default: where it is here")
  private static let ends = SharedOptions.window(
    since: "look only at parts that end at this time or later",
    until: "look only at parts that begin before it")

  static let syntax = CommandSyntax(
    name: "schema", arguments: "ARCHIVE", count: 1...1, completions: [.folders],
    summary: "print what DuckDB, Spark, Athena and others need to read the archive",
    details: [
      """
      Prints a statement or a program in which every column has its type: those of members that events have,
      however few, those of members that were added, and those of folders, which are text. The column
      event_json has the whole event. What events have is learnt from all parts, which are read whole; a
      window leaves parts out, and members that only their events have. Nothing is guessed by the program
      that reads; docs/readers.md says what else there is to know of each.
      """,
      """
      When events with other members came, print it anew: until then they are in event_json alone. It takes
      no lock.
      """,
    ],
    options: [reader, name, location] + ends.all + [SharedOptions.threads])

  struct Options: CommandOptions {
    let archive: String
    let reader: SchemaReader
    let name: String
    let location: String?
    let window: TimeWindow
    let threads: Int

    init(_ arguments: CommandArguments) throws {
      archive = arguments.operands[0]
      guard let reader = try arguments.value(SchemaCommand.reader) else {
        let names = SchemaReader.allCases.map(\.rawValue).joined(separator: ", ")
        throw UsageError("no program is named that reads: give --for, one of \(names)")
      }
      self.reader = reader
      name = try arguments.value(SchemaCommand.name) ?? "events"
      location = try arguments.value(SchemaCommand.location)
      window = try arguments.window(ends)
      threads = try arguments.threads
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    let table = try SteadyRead.of(archive: options.archive, disk) { history in
      try ArchiveTable(
        history, for: options.reader, name: options.name, location: options.location,
        window: options.window, threads: options.threads)
    }
    try Console.output(options.reader.text(table))
    if table.remains > 0 {
      Console.message(
        "\(Figures.counted(table.remains, "part")) that a commit took out still lie among the others, and are"
          + " counted once more by whoever reads: run `trailmill compact --grace 0s` first")
    }
    return .success
  }
}

extension OptionKind where Value == String {
  /// The name of a table, which needs no quotes in any reader.
  fileprivate static var tableName: Self {
    Self("NAME", demand: "must be letters, digits and _, and begin with a letter") { text, _ in
      ColumnName.isWord(text) && text.utf8.count <= 64 ? text : nil
    }
  }
}
