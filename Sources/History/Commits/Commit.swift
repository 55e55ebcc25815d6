package import Bytes

/// All that a commit publishes, takes out and says.
package struct Commit: Sendable {
  /// What its manifest says of it beside its files.
  package var facts: RunFacts
  /// Parts, written and closed.
  package var parts: [StagedPart] = []
  /// The files beside the parts, written and closed.
  package var files: [FileKind: StagedFile] = [:]
  /// Files of earlier commits that it takes out.
  package var retired: [RetiredFile] = []
  /// Records of the retired parts that are in its own parts, byte for byte. They count as read and as
  /// written.
  package var copied = 0
  /// The hold that it sets.
  package var hold: Hold?
  /// The name of the hold that it ends.
  package var releasedHold: String?

  /// A commit with nothing but its facts.
  package init(_ facts: RunFacts) { self.facts = facts }
}

/// A commit that is in the archive.
package struct PublishedRun: Equatable, Sendable {
  /// The number of its manifest.
  package let sequence: Int
  /// SHA-256 of its header.
  package let head: Digest256
  /// The beginning of its files' names: see `RunName`.
  package let runName: String
  /// Its parts, relative to the archive, in the order of the manifest.
  package let paths: [String]
  /// The files beside them, relative to the archive.
  package let files: [FileKind: String]

  package init(
    sequence: Int, head: Digest256, runName: String, paths: [String], files: [FileKind: String]
  ) {
    self.sequence = sequence
    self.head = head
    self.runName = runName
    self.paths = paths
    self.files = files
  }

  /// How many parts it has.
  package var parts: Int { paths.count }
}
