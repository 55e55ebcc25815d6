internal import CommandLine
internal import Definition
internal import Disk
internal import Settings
internal import Stages
internal import Terminal

/// `trailmill check`: is the definition right, and does it do what its tests say?
enum CheckCommand: Command {
  static let syntax = CommandSyntax(
    name: "check", arguments: "DEFINITION…", count: 1...1000, completions: [.files],
    summary: "validate definitions and run their tests; no input is read",
    details: [
      """
      Variables and lookup tables are those of a run, but where a test sets its own. Ends with 2 if
      a definition is wrong or one of its tests fails.
      """,
      """
      Warns of pointers in a dialect of the definition's own that find nothing in any record of its
      tests, of a built-in dialect none of whose pointers does, and of times in the tests that cannot be read.
      Warnings do not change the exit code. Events of the tests that one of several may have made are counted
      as ambiguous. Notes say what a setting costs.
      """,
    ],
    options: [DefinitionOptions.set])

  struct Options: CommandOptions {
    let definitions: [DefinitionOptions]

    init(_ arguments: CommandArguments) throws {
      let variables = try DefinitionOptions.variables(arguments)
      definitions = arguments.operands.map { DefinitionOptions($0, variables: variables) }
    }
  }

  static func run(_ options: Options) throws -> ExitCode {
    var result = ExitCode.success
    for definition in options.definitions {
      do {
        if try !check(definition) { result = .usage }
      } catch {
        let code = Failure.report(error)
        if result == .success || code == .usage { result = code }
      }
    }
    return result
  }

  /// Says what came of one definition; false if one of its tests fails.
  private static func check(_ options: DefinitionOptions) throws -> Bool {
    let disk = Disk()
    let environment = Process.environment
    let definition = try options.load(disk, environment: environment)
    let layout: PipelineDefinition.ArchiveOutput? =
      if case .archive(let output) = definition.output { output } else { nil }
    let plan = try definition.compile(
      layout: layout?.layout, services: StageServices(disk: disk, environment: environment))
    warn(plan.results.warnings.map { ($0.position, $0.message) })
    for note in plan.results.notes {
      Console.message("note: \(note.position.error(note.message))")
    }
    let report = try TestRunner(
      file: options.file, disk: disk, set: options.variables, environment: environment
    ).run(definition.tests)
    let failures = report.failures
    warn(report.dialectUse.warnings(definition.input.dialect))
    warn(report.timeWarnings)
    for failure in failures {
      let error = failure.position.error("test \"\(failure.test)\" fails: \(failure.message)")
      Console.message(error.description)
    }
    let passed = definition.tests.count - failures.count
    let stages = definition.stages.map(\.name).joined(separator: " → ")
    let result =
      "\(options.file): \(failures.isEmpty ? "ok" : "FAILED"), \(passed) of "
      + "\(definition.tests.count) tests pass (\(stages.isEmpty ? "no stages" : stages))"
      + (report.ambiguous > 0 ? "; \(report.ambiguous) of \(report.events) events ambiguous" : "")
    try Console.output(Console.printable(result) + "\n")
    return failures.isEmpty
  }

  /// A warning says what may be wrong, and changes nothing.
  private static func warn(_ warnings: [(position: SourcePosition, message: String)]) {
    for warning in warnings {
      Console.message("warning: \(warning.position.error(warning.message))")
    }
  }
}
