internal import Disk
internal import History

/// The lock of an archive, held by this process alone.
///
/// The kernel gives it back when the process ends, however it ends. But it is of the file, not of its name:
/// who takes the file away lets another run take a lock of a new one. So a run looks whether the name still
/// leads to its own before it commits.
struct ArchiveLock {
  let file: File
  private let disk: Disk

  /// Takes the lock of the archive at `path`.
  init(_ disk: Disk, archive path: String) throws {
    self.disk = disk
    let name = path + "/" + ArchiveNames.lock
    for _ in 0..<2 {
      // Whoever may read it may hold it, and keep every run away.
      let file = try disk.openOrCreate(name, mode: 0o600)
      guard try file.lock() else {
        throw ArchiveError(
          .inUse, "the archive is in use by another run: \(path): try again when that has ended")
      }
      if try ArchiveLock.isInPlace(file, disk) {
        self.file = file
        return
      }
    }
    throw ArchiveError(
      .fault,
      "\(name) is another file each time that it is looked at: either somebody replaces it, or this file "
        + "system numbers its files anew, and cannot keep two runs apart: nothing was published")
  }

  private static func isInPlace(_ file: File, _ disk: Disk) throws(DiskError) -> Bool {
    guard let there = try disk.statIfPresent(file.path) else { return false }
    return try file.status().isSameFile(as: there)
  }

  /// Throws if somebody took the lock's file away since.
  func check() throws {
    guard try !ArchiveLock.isInPlace(file, disk) else { return }
    throw ArchiveError(
      .fault,
      "\(file.path) was taken away or replaced while this run held it: another may be at work: nothing was "
        + "published; read the input again")
  }

  func close() throws(DiskError) { try file.close() }
}
