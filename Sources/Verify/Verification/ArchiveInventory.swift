internal import History
internal import Disk

/// Every file below an archive but for what the chain does not cover: the lock, staging, failed runs.
struct ArchiveInventory {
  /// Sizes in bytes by path relative to the archive.
  private(set) var sizes: [String: Int64] = [:]
  /// Paths that are neither file nor folder, or cannot be opened, each with the reason.
  private(set) var others: [(path: String, what: String)] = []
  /// Links to folders; they are not followed.
  private(set) var linkedFolders: [String] = []
  /// Names in staging.
  private(set) var staged: Set<String> = []

  private static let uncovered: Set<String> = [
    ArchiveNames.lock, StagingNames.folder, ArchiveNames.failed,
  ]

  /// Looks at everything. Manifests come first: what is published meanwhile then seems to be later
  /// than the newest of them, and not to be missing.
  init(_ disk: Disk, _ root: String) throws(DiskError) {
    try walk(disk, root, ManifestNames.folder)
    try walk(disk, root, "")
    let staging = root + "/" + StagingNames.folder
    if try disk.statIfPresent(staging)?.kind == .directory {
      staged = Set(try disk.names(in: staging).readable)
    }
  }

  private mutating func walk(_ disk: Disk, _ root: String, _ first: String) throws(DiskError) {
    var pending = [first]
    while let folder = pending.popLast() {
      let prefix = folder.isEmpty ? "" : folder + "/"
      let names: (readable: [String], unreadable: [String])
      do { names = try disk.names(in: folder.isEmpty ? root : root + "/" + folder) } catch {
        if error.isMissing, !folder.isEmpty { continue }
        throw error
      }
      others += names.unreadable.map { (prefix + $0, "a name that is not UTF-8") }
      for name in names.readable {
        let path = prefix + name
        guard !ArchiveInventory.uncovered.contains(path),
          path != ManifestNames.folder
        else { continue }
        if let folder = try take(disk, root, path) { pending.append(folder) }
      }
    }
  }

  /// Takes a name over, and returns it if it is that of a folder.
  private mutating func take(
    _ disk: Disk, _ root: String, _ path: String
  ) throws(DiskError) -> String? {
    let full = root + "/" + path
    do {
      let status = try disk.linkStat(full)
      switch status.kind {
      case .regular: sizes[path] = status.size
      case .directory: return path
      case .other: others.append((path, "neither a file nor a folder"))
      case .symbolicLink:
        let target = try disk.statIfPresent(full)
        switch target?.kind {
        case .regular: sizes[path] = target?.size
        case .directory: linkedFolders.append(path)
        default: others.append((path, "a link that leads to no file"))
        }
      }
    } catch {
      // Someone removed it meanwhile: retired files go without asking.
      if !error.isMissing { throw error }
    }
    return nil
  }
}
