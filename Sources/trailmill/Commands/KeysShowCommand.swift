internal import Bytes
internal import CommandLine
internal import Disk
internal import Intake
internal import Settings
internal import Terminal
internal import Trail

/// `trailmill keys show`: what a directory says.
enum KeysShowCommand: Command {
  private static let at = Option("at", .time, "a time: 2024-01-31, yesterday, 7d (ago)")

  static let syntax = CommandSyntax(
    name: "keys show", arguments: "DIRECTORY [KEY]", count: 1...2,
    completions: [.files, .nothing],
    summary: "show what a key directory says, as NDJSON",
    details: [
      """
      DIRECTORY is a file such as "resolve_keys" takes. KEY is the id or a name of a key. Without --at
      all versions are shown, by id and time; with it, what holds of each key at that time, as
      "resolve_keys" would add it with detail "full", and its flags.
      """
    ],
    options: [at])

  struct Options: CommandOptions {
    let directory: String
    let key: String?
    let time: Timestamp?

    init(_ arguments: CommandArguments) throws {
      directory = arguments.operands[0]
      key = arguments.operands.dropFirst().first
      time = try arguments.value(at)
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let (directory, facts) = try load(options.directory)
    guard directory.versionCount > 0 else {
      throw UsageError(
        "there is no key in it: \(options.directory), which holds \(facts.sketch)")
    }
    let rows = KeyListing.chosen(directory.rows, options.key)
    if let key = options.key, rows.isEmpty {
      throw UsageError("no such key: \(key): \(options.directory) has none of that id or name")
    }
    try Console.output(json: KeyListing(rows: rows, directory: directory).text(at: options.time))
    return .success
  }

  /// The directory, as `resolve_keys` loads it, and what is known of its file.
  private static func load(_ path: String) throws -> (KeyDirectory, TableFacts) {
    var loader = KeyDirectoryLoader()
    let facts: TableFacts
    do {
      let ids = KeyFields.standard.idColumns
      let columns = TableColumns(required: ids, ids: ids)
      facts = try TableReader(disk: Disk(), path: path, columns: columns)
        .forEachRow { row, line in try loader.add(row, line: line) }
    } catch let error as LookupError {
      throw UsageError("\(error.reason): \(path):\(error.line)")
    } catch let error as TableError {
      throw UsageError("\(error)")
    } catch let error as DiskError {
      throw UsageError("\(error): name a key directory")
    }
    return (loader.finish(), facts)
  }
}
