internal import Disk

/// The folders that have to be made for an archive that is not there yet.
struct MadeFolders {
  private let disk: Disk
  /// From the innermost outwards.
  private let made: [String]

  /// Finds out which of them are missing; to be called before they are made.
  init(_ disk: Disk, archive: String) throws(DiskError) {
    self.disk = disk
    var made: [String] = []
    var folder = archive + "/_trailmill"
    while try disk.statIfPresent(folder) == nil {
      made.append(folder)
      folder = parent(of: folder)
    }
    self.made = made
  }

  /// Removes them again, but for what somebody else has put into them.
  func remove() throws(DiskError) {
    guard let state = made.first else { return }
    try disk.removeTree(state)
    for folder in made.dropFirst() {
      guard try disk.removeDirectoryIfEmpty(folder) else { return }
    }
  }
}
