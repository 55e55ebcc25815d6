/// Why an archive cannot be used or written.
package struct ArchiveError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What an error means for the run.
  package enum Kind: Equatable, Sendable {
    /// Another run holds the archive.
    case inUse
    /// Reading or writing failed; nothing was published.
    case fault
    /// Something failed after the commit: the run is published and the next one completes it.
    case unfinished
    /// The archive is not as a run leaves it.
    case damaged
    /// More than a limit of the definition allows; nothing was published.
    case limit
    /// There is no archive.
    case missing
  }

  /// What the error means for the run.
  package let kind: Kind
  /// What is wrong, where, and what to do.
  package let description: String

  /// An error.
  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// An error while the archive was only read.
  package init(reading error: any Error) {
    self = error as? ArchiveError ?? ArchiveError(.fault, "\(error)")
  }

  /// An error before a commit: it adds that nothing was published.
  package init(beforeCommit error: any Error) {
    self = error as? ArchiveError ?? ArchiveError(.fault, "\(error): nothing was published")
  }
}
