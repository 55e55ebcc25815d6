internal import Disk

/// Puts files and names on the medium: one by one where they are few, with one call for the whole file
/// system where they are many and that call can be trusted.
///
/// One by one is what asks nothing of others: on a busy machine a sync of the file system waits for
/// everything that anybody wrote. But every file costs a turn of the journal, so from some number on
/// the one call is quicker.
struct Medium {
  /// Files or folders up to which each is synced by itself: 16.
  static let most = 16

  private let disk: Disk
  /// A file of the file system in question, open since before anything was written: so an error that
  /// was noticed meanwhile is not missed.
  private let witness: File

  init(_ disk: Disk, _ witness: File) {
    self.disk = disk
    self.witness = witness
  }

  /// Syncs all files in `folder`, the folder itself, and the names of it and of those above, up to
  /// `top` and the one that holds it.
  func syncContents(of folder: String, below top: String) throws(DiskError) {
    let names = try disk.list(folder)
    if names.count > Medium.most && disk.fileSystemSyncReports {
      return try witness.syncFileSystem()
    }
    for name in names { try disk.syncFile(folder + "/" + name) }
    try syncNames([folder], below: top)
  }

  /// Syncs the names in `folders` and of all folders above them, up to `top` and the one that holds it.
  func syncNames(in folders: Set<String>, below top: String) throws(DiskError) {
    guard !folders.isEmpty else { return }
    if folders.count > Medium.most && disk.fileSystemSyncReports {
      return try witness.syncFileSystem()
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
