internal import Pipeline
internal import Bytes
internal import CommandLine
internal import Disk
internal import Settings
internal import Terminal
internal import Trail

/// `trailmill keys learn`: a versioned key directory from what the trail itself tells.
enum KeysLearnCommand: Command {
  private static let dialect = Option(
    "dialect", .text("NAME"), "whose events these are; default: spacelift")
  private static let definition = Option(
    "definition", .file(), "take dialect, format, records and envelopes from this definition")
  private static let rules = Option(
    "rules", .file(), "where events tell that a key changed")
  private static let output = Option(
    "output", .output("PATH|-", or: "-"), "write there, whole or not at all")

  static let syntax = CommandSyntax(
    name: "keys learn", arguments: "ARCHIVE|INPUT…", count: 1...1_000_000,
    completions: [.files],
    summary: "build a versioned key directory from the trail itself",
    details: [
      """
      Reads the events that create, change and delete API keys, and writes rows with valid_from and
      valid_to that "resolve_keys" takes as they are; each names the event that it came from
      (learned_from). The order of the inputs does not matter. A folder is read recursively: of an
      archive its published parts. No secret is ever copied.
      """,
      """
      Where events tell this is built in for the dialects spacelift and coder. FILE of --rules has
      rules of your own, which are tried first: docs/keys.md. Events that change a key and cannot be
      used are counted, and the first 20 named, on standard error.
      """,
    ],
    options: [dialect, definition, DefinitionOptions.set, rules, output],
    endsWith: [.limit])

  struct Options: CommandOptions {
    let inputs: [String]
    let origin: KeyLearning.Origin
    let rules: String?
    /// Nil for standard output.
    let output: String?

    init(_ arguments: CommandArguments) throws {
      inputs = arguments.operands
      origin = try Options.origin(arguments)
      rules = try arguments.value(KeysLearnCommand.rules)
      let path = try arguments.value(KeysLearnCommand.output)
      output = path == "-" ? nil : path
    }

    private static func origin(_ arguments: CommandArguments) throws -> KeyLearning.Origin {
      let name = try arguments.value(dialect)
      guard let file = try arguments.value(definition) else {
        guard !arguments.has(DefinitionOptions.set) else {
          throw UsageError("--set is for a --definition")
        }
        return .dialect(name ?? "spacelift")
      }
      guard name == nil else {
        throw UsageError("--dialect and --definition both say whose events these are: give one")
      }
      return .definition(try DefinitionOptions(file, arguments))
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    let disk = Disk()
    let learning = try KeyLearning(options.origin, disk)
    let result = try learning.run(options.inputs, rules: options.rules, disk)
    for line in result.problems { Console.message(line) }
    if let excess = result.excess {
      Console.message("\(excess): nothing was written")
      return .limit
    }
    try write(result.versions, to: options.output, disk)
    for pattern in result.unmatchedPatterns { Console.message("matches nothing: \(pattern)") }
    let partial = result.partial == 0 ? "" : "\(result.partial) not learned in full, "
    Console.message(
      "\(result.records) records read, \(result.changes) changes of \(result.keys) keys found, "
        + "\(result.versions.count) rows written, \(result.unusable) changes not usable, "
        + partial + "\(result.unreadable) records unreadable, \(result.skipped) names skipped")
    return .success
  }

  private static func write(_ versions: [KeyVersion], to path: String?, _ disk: Disk) throws {
    guard let path else { return try write(versions) }
    var text = ByteBuffer(capacity: 1 << 16)
    try OutputPlace.check(file: path, disk)
    let file = try AtomicFile(disk, path: path)
    for version in versions {
      version.append(to: &text)
      text.append(UInt8(ascii: "\n"))
      guard text.count >= 1 << 16 else { continue }
      try file.write(text.view)
      text.removeAll()
    }
    try file.write(text.view)
    try file.commit()
  }

  /// Writes rows to standard output.
  private static func write(_ versions: [KeyVersion]) throws {
    let output = OutputBuffer()
    var row = ByteBuffer()
    for version in versions {
      row.removeAll()
      version.append(to: &row)
      try output.append(json: row.view)
    }
    try output.flush()
  }
}
