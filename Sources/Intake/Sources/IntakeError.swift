/// An input that cannot be read.
package struct IntakeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kinds that a caller may treat differently.
  package enum Kind: Equatable, Sendable {
    /// A path that was given does not exist.
    case missing
    /// A path that was given is an output of the same run.
    case output
    /// The input is truncated or corrupt.
    case damaged
    /// What it takes to read the input is not there.
    case unreadable
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

  static func isOutput(_ path: String) -> IntakeError {
    IntakeError(
      kind: .output,
      description:
        "the input is what this run writes to, or lies in it: \(path): name other inputs, "
        + "or another output")
  }

  static func damagedQuarantine(_ place: String) -> IntakeError {
    IntakeError(
      kind: .damaged,
      description:
        "a row of the quarantine is none: \(place): run `trailmill verify`, and restore the "
        + "file")
  }

  static func notAsPublished(_ path: String) -> IntakeError {
    IntakeError(
      kind: .changed,
      description:
        "the input is a part of an archive, and not the one that was committed: \(path): restore it, and "
        + "run `trailmill verify`")
  }

  static func changed(_ path: String) -> IntakeError {
    IntakeError(
      kind: .changed,
      description: "the input was altered while it was read: \(path): run again when nobody writes "
        + "to it, or only adds to it")
  }

  static func unreadable(_ path: String, _ reason: String) -> IntakeError {
    IntakeError(kind: .unreadable, description: "\(reason): \(path)")
  }

  /// `isLarge` says that a part of the input is too large to be read, and not that anything is wrong with it.
  static func damaged(
    _ path: String, _ damage: InputDamage, isLarge: Bool = false
  ) -> IntakeError {
    IntakeError(
      kind: .damaged,
      description: "\(damage.reason): \(path), compressed byte \(damage.compressedOffset): "
        + (isLarge ? "compress it again with a smaller window" : "fetch the file again")
        + ", or set damaged: \"salvage\" to keep what comes before")
  }
}
