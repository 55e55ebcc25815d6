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
    let beginning =
      archive + "/" + StagingNames.beginning(sequence, UInt64.random(in: .min ... .max))
    // It has its name when it is held already.
    try disk.makeDirectories(beginning)
    owner = try disk.createExclusive(beginning + "/" + StagingNames.owner)
    _ = try owner.lock()
    do { try disk.renameExclusively(beginning, to: path) } catch {
      _ = try? disk.removeTree(beginning)
      guard error.isTaken else { throw error }
      throw StagingFolder.inUse(archive)
    }
  }

  /// True if a run that goes on holds what is at `path`.
  static func isHeld(_ path: String, _ disk: Disk) -> Bool {
    guard let owner = try? disk.open(path + "/" + StagingNames.owner) else { return false }
    return (try? owner.lock(exclusive: false)) == false
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
