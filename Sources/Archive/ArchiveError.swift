/// Why an archive cannot be used or written.
public struct ArchiveError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What it means for the run.
  public enum Kind: Equatable, Sendable {
    /// Another run holds the archive.
    case inUse
    /// Reading or writing failed; nothing was published.
    case fault
    /// Something failed after the commit: the run is published and the next one completes it.
    case unfinished
    /// The archive is not as a run leaves it.
    case damaged
    /// There is no archive.
    case missing
  }

  /// What it means for the run.
  public let kind: Kind
  /// What is wrong, where, and what to do.
  public let description: String

  /// An error.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// What happened to someone who only reads.
  init(reading error: any Error) {
    self = error as? ArchiveError ?? ArchiveError(.fault, "\(error)")
  }

  /// What happened before a commit.
  init(wrapping error: any Error) {
    self = error as? ArchiveError ?? ArchiveError(.fault, "\(error): nothing was published")
  }
}
