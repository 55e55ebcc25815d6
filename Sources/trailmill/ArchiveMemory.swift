internal import History
internal import Archive
internal import Bytes
internal import Stages
internal import Synchronization

/// What `deduplicate` asks about earlier runs: the stage knows no archive, the archive no stage.
///
/// It is handed to the stage before the archive is open, and opened before the first record. Unchecked:
/// nothing but `add` alters it while a run is under way, and that is called by one ordered stage.
final class ArchiveMemory: SeenBefore, @unchecked Sendable {
  /// True if the run writes a window again that is in the archive already.
  private let replaces: Bool
  private var digests: DeliveryDigests?
  private var written = DigestSet()

  init(replaces: Bool) { self.replaces = replaces }

  /// Opens the files of earlier runs.
  func open(_ run: StagedRun) throws { digests = try DeliveryDigests(run) }

  func contains(_ digest: Digest256) -> Bool {
    !replaces && digests?.contains(digest) ?? false
  }

  func add(_ digest: Digest256) throws {
    if replaces {
      _ = digest.withBytes { bytes in bytes.baseAddress.map { written.insert($0) } }
      if digests?.contains(digest) ?? false { return }
    }
    try digests?.add(digest)
  }

  /// True if this run writes a delivery with this digest. Known only of one that replaces.
  func wasWritten(_ digest: Digest256) -> Bool {
    digest.withBytes { bytes in bytes.baseAddress.map { written.contains($0) } ?? false }
  }

  /// Stages what the run adds.
  func finish() throws -> (file: StagedFile, merged: [RetiredFile])? { try digests?.finish() }
}
