internal import Bytes
internal import Codec
internal import Definition
internal import Disk
internal import Engine
internal import Intake
internal import Settings
internal import Stages
internal import Trail

/// `trailmill run`: input, through a definition's stages, to its output.
enum RunCommand: Command {
  static let setOption = OptionSyntax(
    name: "set", value: "NAME=VALUE", repeats: true, summary: "fill ${NAME} in the definition")

  static let syntax = CommandSyntax(
    name: "run", arguments: "DEFINITION [INPUT…]", count: 1...1_000_000,
    summary: "run a pipeline definition",
    details: [
      """
      INPUT is a file, a folder (read recursively, in the order of the paths; names that begin with
      "." or "_" are skipped and counted), a pattern, or "-" for standard input. Inputs given here
      replace those of the definition. Compressed input is recognised by its bytes.
      """
    ],
    options: [
      OptionSyntax(
        name: "output", value: "PATH|-", summary: "write there instead; \"-\" is standard output"),
      OptionSyntax(
        name: "compression", value: "FORMAT[:LEVEL]",
        summary: "gzip, zlib or none; level 0 to 9"),
      setOption,
      OptionSyntax(name: "since", value: "T", summary: "keep events from this time on"),
      OptionSyntax(
        name: "until", value: "T", summary: "keep events before this time (RFC 3339 or date)"),
      OptionSyntax(
        name: "replace",
        summary: "read the window again and retire what the archive holds of it"),
      OptionSyntax(
        name: "again", summary: "archive inputs once more that were read before"),
      OptionSyntax(name: "reason", value: "TEXT", summary: "why, for the manifest"),
      OptionSyntax(
        name: "signals", value: "PATH|fd:N",
        summary: "list the signals there too, or on an open descriptor"),
      OptionSyntax(name: "threads", value: "N", summary: "workers; default: one per processor"),
      OptionSyntax(name: "dry-run", summary: "do everything but publish"),
      OptionSyntax(
        name: "progress", value: "auto|always|never", summary: "a bar on standard error"),
      OptionSyntax(name: "summary", value: "text|json|none", summary: "on standard error"),
    ])

  static func run(_ arguments: CommandArguments) throws -> ExitCode {
    let options = try RunOptions(arguments)
    return try PipelineRun(options).run()
  }

  /// Reads a definition. One that cannot be opened is a mistake on the command line, not a fault.
  static func definition(
    _ file: String, disk: Disk, set: [String: String], environment: [String: String]
  ) throws -> PipelineDefinition {
    do {
      return try PipelineDefinition.load(
        file, disk: disk, variables: Variables(set: set, environment: environment))
    } catch let error as DiskError
      where error.isMissing || error.isForbidden || error.isFolder
    {
      throw UsageError("\(error): name a definition such as pipelines/nightly.json5")
    }
  }

  /// The values of `--set NAME=VALUE`.
  static func assignments(_ arguments: CommandArguments) throws(UsageError) -> [String: String] {
    var set: [String: String] = [:]
    for assignment in arguments.values("set") {
      guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
        throw UsageError("--set needs NAME=VALUE, found \"\(assignment)\"")
      }
      set[String(assignment[..<equals])] = String(
        assignment[assignment.index(after: equals)...])
    }
    return set
  }
}

/// The command line of `run`, as it is meant.
struct RunOptions {
  enum SummaryForm: String, CaseIterable { case text, json, none }
  enum Progress: String, CaseIterable { case auto, always, never }

  var definition: String
  var inputs: [String]
  var output: String?
  var compression: Compression?
  var set: [String: String]
  var window: TimeWindow
  var threads: Int
  var isDryRun: Bool
  var replaces: Bool
  var again: Bool
  var reason: String?
  var signals: String?
  var progress: Progress
  var summary: SummaryForm

  init(_ arguments: CommandArguments) throws {
    definition = arguments.arguments[0]
    inputs = Array(arguments.arguments.dropFirst())
    output = arguments.value("output")
    if output == "" { throw UsageError("--output needs a path or \"-\"") }
    compression = try arguments.value("compression").map(RunOptions.compression)
    set = try RunCommand.assignments(arguments)
    window = try RunOptions.window(arguments)
    threads = try RunOptions.number(arguments, "threads", 1...256) ?? Runner.defaultThreads
    isDryRun = arguments.has("dry-run")
    replaces = arguments.has("replace")
    again = arguments.has("again")
    reason = arguments.value("reason")
    signals = arguments.value("signals")
    progress = try RunOptions.choice(arguments, "progress", default: .auto)
    summary = try RunOptions.choice(arguments, "summary", default: .text)
  }

  static func choice<Choice: RawRepresentable & CaseIterable>(
    _ arguments: CommandArguments, _ name: String, default fallback: Choice
  ) throws(UsageError) -> Choice where Choice.RawValue == String {
    guard let text = arguments.value(name) else { return fallback }
    if let choice = Choice(rawValue: text) { return choice }
    let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw UsageError("--\(name) must be one of \(allowed), found \"\(text)\"")
  }

  static func number(
    _ arguments: CommandArguments, _ name: String, _ range: ClosedRange<Int>
  ) throws(UsageError) -> Int? {
    guard let text = arguments.value(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw UsageError(
        "--\(name) must be a number from \(range.lowerBound) to \(range.upperBound), found \"\(text)\""
      )
    }
    return number
  }

  /// The window that `--since` and `--until` ask for.
  static func window(
    _ arguments: CommandArguments
  ) throws(UsageError) -> TimeWindow {
    let window = TimeWindow(
      since: try time(arguments, "since"), until: try time(arguments, "until"))
    if window.isEmpty { throw UsageError("--until must be later than --since") }
    return window
  }

  static func time(
    _ arguments: CommandArguments, _ name: String
  ) throws(UsageError) -> Timestamp? {
    guard var text = arguments.value(name) else { return nil }
    let time = text.withUTF8 { Timestamp(rfc3339: $0) ?? Timestamp(date: $0) }
    guard let time else {
      throw UsageError(
        "--\(name) must be a time such as 2024-01-31T12:00:00Z or a date, found \"\(text)\"")
    }
    return time
  }

  private static func compression(_ text: String) throws -> Compression {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let format = CompressionFormat(rawValue: String(parts[0])),
      let level = parts.count == 1 ? 6 : Int(parts[1]), (0...9).contains(level)
    else {
      throw UsageError(
        "--compression must be gzip, zlib or none, with a level such as gzip:9, found \"\(text)\"")
    }
    return Compression(format: format, level: level, engine: .zlib)
  }
}
