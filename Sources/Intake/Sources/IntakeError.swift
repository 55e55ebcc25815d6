/// An input that cannot be read.
package struct IntakeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds that a caller may treat differently.
  package enum Kind: Equatable, Sendable {
    /// A path that was given does not exist.
    case missing
    /// The input is truncated or corrupt.
    case damaged
    /// The input was altered while it was read.
    case changed
  }

  /// What kind of fault this is.
  package let kind: Kind
  /// What is wrong: where: what to do.
  package let description: String

  static func missing(_ path: String) -> IntakeError {
    IntakeError(
      kind: .missing,
      description: "input does not exist: \(path): check the path, or quote a pattern")
  }

  static func damagedQuarantine(_ place: String) -> IntakeError {
    IntakeError(
      kind: .damaged,
      description:
        "a row of the quarantine is none: \(place): run `trailmill verify`, and restore the "
        + "file")
  }

  static func changed(_ path: String) -> IntakeError {
    IntakeError(
      kind: .changed,
      description: "the input was altered while it was read: \(path): run again when it is only "
        + "added to")
  }

  static func damaged(_ path: String, _ damage: InputDamage) -> IntakeError {
    IntakeError(
      kind: .damaged,
      description: "\(damage.reason): \(path), compressed byte \(damage.compressedOffset): "
        + "fetch the file again, or set damaged: \"salvage\" to keep what comes before")
  }
}
