internal import Settings

// One table feeds the parser, the help and the message for a misspelt option.

/// An option of a command.
struct OptionSyntax {
  let name: String
  /// What its value is called in the help; nil for a switch.
  var value: String?
  /// May be given more than once.
  var repeats = false
  /// A letter that may be given instead, after one dash.
  var letter: Character?
  let summary: String

  /// True for `--name` and, where it has a letter, `-n`.
  func isCalled(_ word: String) -> Bool {
    word == "--" + name || letter.map { word == "-\($0)" } ?? false
  }
}

/// A command: its name, what may follow it, and what it does.
struct CommandSyntax {
  let name: String
  /// As the usage line shows them.
  let arguments: String
  /// Fewest and most arguments.
  let count: ClosedRange<Int>
  let summary: String
  /// Paragraphs of the command's own help.
  var details: [String] = []
  var options: [OptionSyntax] = []
}

/// What was given to a command.
struct CommandArguments {
  var arguments: [String] = []
  private var values: [String: [String]] = [:]

  func has(_ option: String) -> Bool { values[option] != nil }
  func value(_ option: String) -> String? { values[option]?.last }
  func values(_ option: String) -> [String] { values[option] ?? [] }

  /// Parses what follows the command's name; `--name value` and `--name=value`, `--` ends options,
  /// `-` alone is an argument.
  init(parsing words: ArraySlice<String>, for command: CommandSyntax) throws(UsageError) {
    var rest = words
    while let word = rest.popFirst() {
      if word == "--" {
        arguments += rest
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        arguments.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = command.options.first(where: { $0.isCalled(name) }) else {
        throw CommandArguments.unknown(name, for: command)
      }
      try take(option, inline: parts.count > 1 ? String(parts[1]) : nil, from: &rest)
    }
    guard command.count.contains(arguments.count) else {
      throw UsageError(
        "\(arguments.count < command.count.lowerBound ? "an argument is missing" : "too many arguments"): usage: trailmill \(command.name) \(command.arguments)"
      )
    }
  }

  private mutating func take(
    _ option: OptionSyntax, inline: String?, from rest: inout ArraySlice<String>
  ) throws(UsageError) {
    if values[option.name] != nil && !option.repeats {
      throw UsageError("--\(option.name) is given twice")
    }
    guard let value = option.value else {
      guard inline == nil else { throw UsageError("--\(option.name) takes no value") }
      values[option.name] = []
      return
    }
    guard let text = inline ?? rest.popFirst() else {
      throw UsageError("--\(option.name) needs a value: --\(option.name) \(value)")
    }
    values[option.name, default: []].append(text)
  }

  private static func unknown(_ name: String, for command: CommandSyntax) -> UsageError {
    let known = command.options.map { "--" + $0.name } + ["--help"]
    let hint = nearest(name, in: known).map { ": did you mean \($0)?" } ?? ""
    return UsageError("unknown option \(name)\(hint)")
  }
}
