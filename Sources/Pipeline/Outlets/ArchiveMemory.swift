package import Archive
package import Bytes
internal import History
internal import Stages

/// What `deduplicate` asks about earlier runs: the stage knows no archive, the archive no stage.
///
/// Unchecked: nothing but `add` alters it while a run is under way, and that is called by one ordered stage.
package final class ArchiveMemory: SeenBefore, @unchecked Sendable {
  /// True if the run writes a window again that is in the archive already.
  private let replaces: Bool
  private let digests: DeliveryDigests
  private var written = DigestSet()

  /// Opens the files of earlier runs.
  package init(_ run: StagedRun, replaces: Bool) throws {
    self.replaces = replaces
    digests = try DeliveryDigests(run)
  }

  package func contains(_ digest: Digest256) throws -> Bool {
    guard !replaces else { return false }
    return try digests.contains(digest)
  }

  package func add(_ digest: Digest256, posted: Digest256?) throws {
    if replaces {
      for digest in [digest, posted].compactMap({ $0 }) {
        _ = digest.withBytes { bytes in bytes.baseAddress.map { written.insert($0) } }
      }
      if try digests.contains(digest) { return }
    }
    try digests.add(digest)
  }

  /// True if this run writes a delivery with this digest. Known only of a run that replaces.
  func wasWritten(_ digest: Digest256) -> Bool {
    digest.withBytes { bytes in bytes.baseAddress.map { written.contains($0) } ?? false }
  }

  /// Stages what the run adds.
  func finish() throws -> (file: StagedFile, merged: [RetiredFile])? { try digests.finish() }
}
