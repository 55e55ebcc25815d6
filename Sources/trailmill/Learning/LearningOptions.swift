internal import CommandLine
internal import Settings

/// What the commands that learn from a trail have in common on their command lines.
struct LearningOptions {
  static let dialect = Option(
    "dialect", .text("NAME"), "whose events these are; default: spacelift")
  static let definition = Option(
    "definition", .file(), "take dialect, format, records and envelopes from this definition")
  static let output = Option(
    "output", .output("PATH|-", or: "-"), "write there, whole or not at all")

  let inputs: [String]
  let origin: Learning.Origin
  /// Nil for standard output.
  let output: String?

  init(_ arguments: CommandArguments) throws {
    inputs = arguments.operands
    origin = try LearningOptions.origin(arguments)
    let path = try arguments.value(LearningOptions.output)
    output = path == "-" ? nil : path
  }

  private static func origin(_ arguments: CommandArguments) throws -> Learning.Origin {
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
