/// Completions for fish.
struct FishCompletions {
  let program: ProgramSyntax

  var text: String {
    var text = """
      # Completions of \(program.name) for fish, made by "\(program.name) completions fish".

      # True if the command line begins with these words of a command.
      function __\(program.name)_is
        set -l words (commandline -opc)
        set -l last (math 1 + (count $argv))
        test (count $words) -ge $last; and test "$words[2..$last]" = "$argv"
      end

      complete -c \(program.name) -f
      \(complete([])) -l help -d 'explain it'
      \(complete([])) -l version -d 'print the version'

      """
    for word in program.firstWords {
      let group = program.group(word)
      let summary = program.command(named: word)?.summary ?? "commands about \(word)"
      text += "\(complete([])) -a \(word) -d \(Self.quoted(summary))\n"
      for command in group {
        let second = String(command.name.dropFirst(word.count + 1))
        text +=
          "\(complete([word], isWhole: true)) -a \(second) -d \(Self.quoted(command.summary))\n"
      }
    }
    for command in program.commands { text += lines(command) }
    return text
  }

  private func lines(_ command: CommandSyntax) -> String {
    let start = complete(command.name.split(separator: " ").map(String.init))
    var lines = ["\(start) -l help -d 'explain this command'"]
    for option in command.options {
      let letter = option.letter.map { " -s \($0)" } ?? ""
      let value = option.placeholder == nil ? "" : " " + offer(option.completion, isValue: true)
      lines.append("\(start) -l \(option.name)\(letter)\(value) -d \(Self.quoted(option.summary))")
    }
    var offered: [Completion] = []
    for completion in command.completions where completion != .nothing {
      if !offered.contains(completion) { offered.append(completion) }
    }
    lines += offered.map { "\(start) \(offer($0, isValue: false))" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `complete` where the line begins with these words, or with `isWhole` has no others.
  private func complete(_ words: [String], isWhole: Bool = false) -> String {
    let test =
      words.isEmpty || isWhole ? "test (count (commandline -opc)) = \(words.count + 1)" : ""
    let begins = words.isEmpty ? "" : "__\(program.name)_is " + words.joined(separator: " ")
    let condition = [test, begins].filter { !$0.isEmpty }.joined(separator: "; and ")
    return "complete -c \(program.name) -n \(Self.quoted(condition))"
  }

  private func offer(_ completion: Completion, isValue: Bool) -> String {
    switch completion {
    case .nothing: "-x"
    case .files: isValue ? "-r -F" : "-F"
    case .folders: (isValue ? "-x " : "") + "-a '(__fish_complete_directories)'"
    case .words(let words):
      (isValue ? "-x " : "") + "-a " + Self.quoted(words.joined(separator: " "))
    case .commands: "-a " + Self.quoted(program.firstWords.joined(separator: " "))
    }
  }

  /// A word that fish takes as it stands.
  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
