package import Archive
package import Bytes
internal import Definition
internal import History
internal import Stages
package import Trail

/// What `deduplicate` asks about earlier runs: the stage knows no archive, the archive no stage.
///
/// Unchecked: nothing but `add` alters it while a run is under way, and that is called by one ordered stage.
package final class ArchiveMemory: SeenBefore, @unchecked Sendable {
  /// True if the run writes a window again that is in the archive already.
  private let replaces: Bool
  private let digests: DeliveryDigests
  private var written = DigestSet()

  /// The memory of a run whose digests are divided by `sharing`.
  package init(_ run: StagedRun, _ sharing: DigestSharing, replaces: Bool) {
    self.replaces = replaces
    digests = DeliveryDigests(run, sharing)
  }

  /// The memory of a run of `definition`; nil if no stage asks for it.
  convenience init?(_ run: StagedRun, _ definition: PipelineDefinition, replaces: Bool) {
    guard definition.deduplicates else { return nil }
    self.init(run, DigestSharing(rule: definition.timeRule), replaces: replaces)
  }

  package func contains(_ digest: Digest256, on day: EventDay?) throws -> Bool {
    guard !replaces else { return false }
    return try digests.contains(digest, on: day)
  }

  package func add(_ digest: Digest256, on day: EventDay?, posted: Digest256?) throws {
    if replaces {
      for digest in [digest, posted].compactMap({ $0 }) {
        _ = digest.withBytes { bytes in bytes.baseAddress.map { written.insert($0) } }
      }
      if try digests.contains(digest, on: day) { return }
    }
    try digests.add(digest, on: day)
  }

  /// True if this run writes a delivery with this digest. Known only of a run that replaces.
  func wasWritten(_ digest: Digest256) -> Bool {
    digest.withBytes { bytes in bytes.baseAddress.map { written.contains($0) } ?? false }
  }

  /// Stages what the run adds.
  func finish() throws -> (files: [StagedFile], merged: [RetiredFile]) { try digests.finish() }
}
