package import History

/// The staged files of an `ArchiveSink`.
package struct StagedOutput: Equatable, Sendable {
  /// Its parts.
  package var parts: [StagedPart]
  /// The index, if there are parts, and the quarantine, if anything was turned away.
  package var files: [FileKind: StagedFile]
  /// What somebody should know of it.
  package var notices: [String] = []
}
