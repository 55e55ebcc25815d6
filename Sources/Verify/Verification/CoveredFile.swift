internal import Bytes
internal import History

/// A published file that was not taken out.
struct CoveredFile {
  var sequence: Int
  /// Nil if only the row is known that took it out.
  var kind: FileKind?
  var staged: String
  var bytes: Int64
  var sha256: Digest256
  var records: Int
  /// Root over its blocks, if it ends with their hashes.
  var blocksRoot: Digest256?
  /// False if its commit is older than what was asked for.
  var isRecent: Bool
}
