internal import Disk
internal import History

/// Puts files and names on the medium (fsync, or syncfs): one by one where they are few, with one call for
/// the whole file system where they are many and that call can be trusted.
///
/// One by one is what asks nothing of others: on a busy machine a sync of the file system waits for
/// everything that anybody wrote. But every file costs a turn of the journal, so from some number on
/// the one call is quicker.
struct Durability {
  /// Files or folders up to which each is synced by itself: 16.
  static let most = 16

  private let disk: Disk
  /// The archive's lock file, open since before anything was written: so a sync of its file system reports
  /// an error that was noticed meanwhile.
  private let lockFile: File

  init(_ disk: Disk, _ lockFile: File) {
    self.disk = disk
    self.lockFile = lockFile
  }

  /// Syncs all files of a commit in `folder`, the folder itself, and the names of it and of those above, up
  /// to `top` and the one that holds it.
  func syncContents(of folder: String, below top: String) throws(DiskError) {
    let names = try disk.list(folder)
    if names.count > Durability.most && disk.fileSystemSyncReports {
      return try lockFile.syncFileSystem()
    }
    for name in names { try disk.syncFile(folder + "/" + name) }
    try syncNames([folder], below: top)
  }

  /// Syncs the names in `folders` and of all folders above them, up to `top` and the one that holds it.
  func syncNames(in folders: Set<String>, below top: String) throws(DiskError) {
    guard !folders.isEmpty else { return }
    if folders.count > Durability.most && disk.fileSystemSyncReports {
      return try lockFile.syncFileSystem()
    }
    try syncNames(folders, below: top)
  }

  private func syncNames(_ folders: Set<String>, below top: String) throws(DiskError) {
    var all = folders
    for folder in folders {
      var folder = folder
      while folder.utf8.count > top.utf8.count {
        folder = parent(of: folder)
        all.insert(folder)
      }
    }
    all.insert(top)
    all.insert(parent(of: top))
    // The innermost first: a name is worth nothing before what it names.
    for folder in all.sorted(by: { precedesInBytes($1, $0) }) { try disk.syncDirectory(folder) }
  }
}
