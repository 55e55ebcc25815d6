/// What a shell offers for a value or an argument.
package enum Completion: Equatable, Sendable {
  case nothing
  case files
  case folders
  case words([String])
  /// The first words of the program's commands.
  case commands
}
