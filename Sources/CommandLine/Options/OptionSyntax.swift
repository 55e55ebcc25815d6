/// An option as help, man page and completions show it.
package struct OptionSyntax: Sendable {
  /// Without the dashes.
  package let name: String
  /// A letter that may be given instead, after one dash.
  package let letter: Character?
  /// What the help calls the value; nil for a flag.
  package let placeholder: String?
  /// What a shell offers as the value.
  package let completion: Completion
  /// True if it may be given more than once.
  package let repeats: Bool
  /// One line.
  package let summary: String

  /// `-o, --output FILE`, as the help shows it.
  var usage: String {
    let letter = letter.map { "-\($0), " } ?? ""
    return letter + "--" + name + (placeholder.map { " " + $0 } ?? "")
  }

  /// True for `--name` and, where it has a letter, `-n`.
  func isCalled(_ word: String) -> Bool {
    word == "--" + name || letter.map { word == "-\($0)" } ?? false
  }
}
