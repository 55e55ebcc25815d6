/// An input that cannot be read.
public struct IntakeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds that a caller may treat differently.
  public enum Kind: Equatable, Sendable {
    /// A path that was given does not exist.
    case missing
    /// The input is truncated or corrupt.
    case damaged
  }

  /// What kind of fault this is.
  public let kind: Kind
  /// What is wrong: where: what to do.
  public let description: String

  static func missing(_ path: String) -> IntakeError {
    IntakeError(
      kind: .missing,
      description: "input does not exist: \(path): check the path, or quote a pattern")
  }

  static func damaged(_ path: String, _ damage: InputDamage) -> IntakeError {
    IntakeError(
      kind: .damaged,
      description: "\(damage.reason): \(path), compressed byte \(damage.compressedOffset): "
        + "fetch the file again, or set damaged: \"salvage\" to keep what comes before")
  }
}
