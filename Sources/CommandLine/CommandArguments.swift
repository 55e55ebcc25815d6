package import Settings

/// What was given to a command.
package struct CommandArguments {
  /// The words that are no options, in their order.
  package private(set) var operands: [String] = []
  /// The program whose command it is.
  package let program: ProgramSyntax
  private let command: CommandSyntax
  private var texts: [String: [String]] = [:]

  /// Parses what follows the command's name: `--name value` and `--name=value`. `--` ends the options; `-`
  /// alone is an operand. A value that begins with `--` is written behind the `=`: without that, an option
  /// whose value was forgotten would take the next option for it.
  package init(
    parsing words: some Collection<String>, for command: CommandSyntax, of program: ProgramSyntax
  ) throws(UsageError) {
    self.program = program
    self.command = command
    var rest = Array(words)[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = command.options.first(where: { $0.isCalled(name) }) else {
        throw unknownOption(name)
      }
      try take(option, inline: parts.count > 1 ? String(parts[1]) : nil, from: &rest)
    }
    guard command.count.contains(operands.count) else {
      let isShort = operands.count < command.count.lowerBound
      throw UsageError(
        "\(isShort ? "an argument is missing" : "too many arguments"): usage: \(program.name) "
          + "\(command.name) \(command.arguments)")
    }
    for (number, operand) in operands.enumerated() where command.isPath(argument: number) {
      if let refusal = LocalPath.refusal(operand) { throw UsageError("an argument \(refusal)") }
    }
  }

  private mutating func take(
    _ option: OptionSyntax, inline: String?, from rest: inout ArraySlice<String>
  ) throws(UsageError) {
    if texts[option.name] != nil && !option.repeats {
      throw UsageError("--\(option.name) is given twice")
    }
    guard let placeholder = option.placeholder else {
      guard inline == nil else { throw UsageError("--\(option.name) takes no value") }
      texts[option.name] = []
      return
    }
    if inline == nil, let next = rest.first, next.hasPrefix("--") {
      throw UsageError(
        "--\(option.name) needs a value: --\(option.name) \(placeholder) (one that begins with \"--\" is "
          + "written --\(option.name)=\(next))")
    }
    guard let text = inline ?? rest.popFirst() else {
      throw UsageError("--\(option.name) needs a value: --\(option.name) \(placeholder)")
    }
    texts[option.name, default: []].append(text)
  }

  private func unknownOption(_ name: String) -> UsageError {
    let known = command.options.map { "--" + $0.name } + ["--help"]
    let hint = nearest(name, in: known).map { ": did you mean \($0)?" } ?? ""
    return UsageError("unknown option \(name)\(hint)")
  }

  // MARK: Asking

  /// True if an option was given. The command has to have it in its table.
  package func has(_ option: some AnyOption) -> Bool { texts(option) != nil }

  /// The value of an option; nil if it was not given.
  package func value<Value>(_ option: Option<Value>) throws(UsageError) -> Value? {
    guard let text = texts(option)?.last else { return nil }
    return try option.read(text)
  }

  /// The values of an option that may be given more than once.
  package func values<Value>(_ option: Option<Value>) throws(UsageError) -> [Value] {
    var values: [Value] = []
    for text in texts(option) ?? [] { values.append(try option.read(text)) }
    return values
  }

  private func texts(_ option: some AnyOption) -> [String]? {
    let name = option.syntax.name
    precondition(
      command.options.contains { $0.name == name }, "\(command.name) has no option --\(name)")
    return texts[name]
  }
}
