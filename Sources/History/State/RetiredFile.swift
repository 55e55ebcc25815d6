package import Bytes

/// A published file that a commit takes out of the archive's exact set.
package struct RetiredFile: Equatable, Sendable {
  /// Why a file is taken out.
  package enum Reason: String, CaseIterable, Sendable {
    /// Its records are in a larger part.
    case compacted
    /// Its records were made again.
    case replaced
    /// Its last event is older than `expire` was told to keep.
    case expired
    /// Its records were in quarantine, and `retry` has read them again.
    case retried
    /// Its digests are in a larger file.
    case merged
    /// A newer file of its kind stands for it.
    case superseded
  }

  /// Relative to the archive.
  package var path: String
  /// Bytes as stored.
  package var bytes: Int64
  /// Digest of those bytes.
  package var sha256: Digest256
  /// Records, rows or digests in it.
  package var records: Int
  /// Why it is taken out.
  package var reason: Reason
  /// True for a part, whose records leave with it.
  package var isPart: Bool { FileKind.isPart(path) }

  /// A file that retires.
  package init(
    path: String, bytes: Int64, sha256: Digest256, records: Int, reason: Reason
  ) {
    self.path = path
    self.bytes = bytes
    self.sha256 = sha256
    self.records = records
    self.reason = reason
  }
}

extension ManifestRow {
  /// The published file as a commit takes it out; nil if the row publishes none.
  package func retired(_ reason: RetiredFile.Reason) -> RetiredFile? {
    guard kind.file != nil, let sha256 else { return nil }
    return RetiredFile(path: path, bytes: bytes, sha256: sha256, records: records, reason: reason)
  }
}
