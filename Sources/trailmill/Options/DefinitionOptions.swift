internal import CommandLine
internal import Definition
internal import Disk
internal import Settings
internal import Terminal

/// A definition that a command line names, with the variables that it sets.
struct DefinitionOptions {
  static let set = Option(
    "set", .assignment, repeats: true, "fill ${NAME} in the definition")

  let file: String
  /// By name; of several values of one name the last counts.
  let variables: [String: String]

  init(_ file: String, _ arguments: CommandArguments) throws(UsageError) {
    self.init(file, variables: try DefinitionOptions.variables(arguments))
  }

  init(_ file: String, variables: [String: String]) {
    self.file = file
    self.variables = variables
  }

  /// The values of `--set NAME=VALUE`.
  static func variables(_ arguments: CommandArguments) throws(UsageError) -> [String: String] {
    var variables: [String: String] = [:]
    for assignment in try arguments.values(set) { variables[assignment.name] = assignment.value }
    return variables
  }

  /// Reads the definition. One that cannot be opened is a mistake on the command line, not a fault.
  func load(_ disk: Disk, environment: [String: String]) throws -> PipelineDefinition {
    do {
      return try PipelineDefinition.load(
        file, disk: disk, variables: Variables(set: variables, environment: environment))
    } catch let error as DiskError
      where error.isMissing || error.isForbidden || error.isNoFile
    {
      throw UsageError("\(error): name a definition such as pipelines/nightly.json5")
    }
  }
}
