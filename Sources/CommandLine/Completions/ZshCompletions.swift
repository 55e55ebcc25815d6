/// Completions for zsh, as a function `_PROGRAM` in a folder of `fpath`.
struct ZshCompletions {
  let program: ProgramSyntax

  var text: String {
    """
    #compdef \(program.name)
    # Completions of \(program.name) for zsh, made by "\(program.name) completions zsh".

    _\(program.name)() {
      local context state state_descr line
      typeset -A opt_args
      _arguments -C \\
        '(- *)--help[explain it]' \\
        '(- *)--version[print the version]' \\
        \(Self.quoted("1:command:((" + firstWords + "))")) \\
        '*::argument:->argument'
      [[ $state == argument ]] || return
      case $words[1] in
    \(commands)  esac
    }

    _\(program.name) "$@"

    """
  }

  private var firstWords: String {
    program.firstWords.map { word in
      let summary = program.command(named: word)?.summary ?? "commands about \(word)"
      return described(word, summary)
    }.joined(separator: " ")
  }

  private func described(_ word: String, _ summary: String) -> String {
    word + "\\:" + Self.escaped(summary, "\\\"'$`()[]{}<>:;&|*?~#! ")
  }

  private var commands: String {
    program.firstWords.map { word in
      let group = program.group(word)
      guard !group.isEmpty else {
        return program.command(named: word).map { "    \(word))\n\(arguments($0, "      "))" } ?? ""
      }
      let seconds = group.map { described(String($0.name.dropFirst(word.count + 1)), $0.summary) }
      var text = "    \(word))\n"
      text += "      _arguments -C "
      text += Self.quoted("1:command:((" + seconds.joined(separator: " ") + "))")
      text += " '*::argument:->member'\n"
      text += "      [[ $state == member ]] || return\n      case $words[1] in\n"
      for command in group {
        text += "        \(command.name.dropFirst(word.count + 1)))\n"
        text += arguments(command, "          ")
      }
      return text + "      esac ;;\n"
    }.joined()
  }

  /// The call of `_arguments` for a command.
  private func arguments(_ command: CommandSyntax, _ indent: String) -> String {
    var specs = command.options.flatMap(specs)
    specs.append("(- *)--help[explain this command]")
    for (number, completion) in command.completions.enumerated() {
      let isLast = number == command.completions.count - 1
      let place = isLast && command.count.upperBound > number + 1 ? "*" : "\(number + 1)"
      specs.append("\(place):argument:\(action(completion))")
    }
    let lines = specs.map { indent + "  " + Self.quoted($0) }
    return indent + "_arguments -S \\\n" + lines.joined(separator: " \\\n") + " ;;\n"
  }

  private func specs(_ option: OptionSyntax) -> [String] {
    option.spellings.map { spelling in
      let others =
        option.spellings.count > 1 ? "(" + option.spellings.joined(separator: " ") + ")" : ""
      let start = option.repeats ? "*" : others
      let equals = option.placeholder == nil ? "" : spelling.hasPrefix("--") ? "=" : "+"
      let summary = Self.escaped(option.summary, "\\[]")
      let value =
        option.placeholder.map { ":" + Self.escaped($0, "\\:") + ":" + action(option.completion) }
        ?? ""
      return "\(start)\(spelling)\(equals)[\(summary)]\(value)"
    }
  }

  private func action(_ completion: Completion) -> String {
    switch completion {
    case .nothing: " "
    case .files: "_files"
    case .folders: "_files -/"
    case .words(let words): "(" + words.joined(separator: " ") + ")"
    case .commands: "(" + program.firstWords.joined(separator: " ") + ")"
    }
  }

  private static func escaped(_ text: String, _ special: String) -> String {
    text.map { special.contains($0) ? "\\\($0)" : "\($0)" }.joined()
  }

  /// A word that zsh takes as it stands.
  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
