package import Bytes

/// All that a commit publishes, takes out and says.
package struct Commit: Sendable {
  /// What its manifest says of it beside its files.
  package var facts: RunFacts
  /// Parts, written and closed.
  package var parts: [StagedPart] = []
  /// The files beside the parts, written and closed, but for those of digests.
  package var files: [FileKind: StagedFile] = [:]
  /// The files of digests, written and closed, in the order of their numbers from 0.
  package var digests: [StagedFile] = []
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

  /// Its files of a kind beside the parts, in the order of their numbers.
  func files(_ kind: FileKind) -> [StagedFile] {
    precondition(files[.digests] == nil, "digests that are not among the files of digests")
    return kind == .digests ? digests : [files[kind]].compactMap { $0 }
  }
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
  /// The files beside them, relative to the archive; of several of a kind one.
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
