internal import Disk
internal import History

/// The folder of a commit in staging, held by its run for as long as that goes on: so a run that found no
/// lock, because somebody took its file away, does not remove what another is writing.
struct StagingFolder {
  let path: String
  private let owner: File

  /// Makes the folder, empty; it must not be there.
  init(_ disk: Disk, archive: String, sequence: Int) throws {
    path = archive + "/" + StagingNames.folder(sequence)
    // It has its name when it is held already.
    let beginning = archive + "/" + StagingNames.beginning(sequence)
    try disk.makeDirectories(beginning)
    do {
      owner = try disk.createExclusive(beginning + "/" + StagingNames.owner, mode: 0o600)
    } catch { throw error.isTaken ? StagingFolder.inUse(archive) : error }
    do {
      _ = try owner.lock()
      try disk.renameExclusively(beginning, to: path)
    } catch {
      _ = try? disk.removeTree(beginning)
      throw error.isTaken ? StagingFolder.inUse(archive) : error
    }
  }

  /// True if a run that goes on holds what is at `path`.
  static func isHeld(_ path: String, _ disk: Disk) throws(DiskError) -> Bool {
    let owner = path + "/" + StagingNames.owner
    guard try disk.linkStatIfPresent(owner)?.kind == .regular else { return false }
    let file = try disk.open(owner)
    let isFree = try file.lock(exclusive: false)
    try file.close()
    return !isFree
  }

  static func inUse(_ archive: String) -> ArchiveError {
    ArchiveError(
      .inUse,
      "the archive is in use by another run, whose lock was taken away: \(archive): try again when "
        + "that has ended"
    )
  }

  func close() throws(DiskError) { try owner.close() }
}
