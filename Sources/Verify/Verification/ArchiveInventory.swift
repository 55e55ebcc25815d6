internal import History
internal import Disk

/// Every file below an archive but for what the chain does not cover: the lock, staging, failed runs.
struct ArchiveInventory {
  /// Sizes in bytes by path relative to the archive.
  private(set) var sizes: [String: Int64] = [:]
  /// Folders within one another that are looked into: 64.
  private static let deepest = 64

  /// Paths that are neither file nor folder, or cannot be looked at, each with the reason.
  private(set) var others: [(path: String, what: String)] = []
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
    for path in ArchiveInventory.uncovered.sorted() {
      let kind = try disk.statIfPresent(root + "/" + path)?.kind
      if kind == .symbolicLink { others.append((path, ArchiveInventory.link)) }
      if kind == .directory, path == StagingNames.folder {
        staged = Set(try disk.names(in: root + "/" + path).readable)
      }
    }
  }

  private static let link = "a link, of which an archive has none"

  private mutating func walk(_ disk: Disk, _ root: String, _ first: String) throws(DiskError) {
    var pending = [first]
    while let folder = pending.popLast() {
      let prefix = folder.isEmpty ? "" : folder + "/"
      let names: (readable: [String], unreadable: [String])
      do { names = try disk.names(in: folder.isEmpty ? root : root + "/" + folder) } catch {
        guard !folder.isEmpty else { throw error }
        if !error.isMissing { others.append((folder, error.description)) }
        continue
      }
      others += names.unreadable.map { (prefix + $0, "a name that is not UTF-8") }
      for name in names.readable {
        let path = prefix + name
        guard !ArchiveInventory.uncovered.contains(path),
          path != ManifestNames.folder
        else { continue }
        guard let folder = take(disk, root, path) else { continue }
        if folder.utf8.split(separator: UInt8(ascii: "/")).count < ArchiveInventory.deepest {
          pending.append(folder)
        } else {
          others.append((folder, "folders deeper than those of an archive"))
        }
      }
    }
  }

  /// Takes a name over, and returns it if it is that of a folder.
  private mutating func take(
    _ disk: Disk, _ root: String, _ path: String
  ) -> String? {
    do {
      let status = try disk.linkStat(root + "/" + path)
      switch status.kind {
      case .regular: sizes[path] = status.size
      case .directory: return path
      case .other: others.append((path, "neither a file nor a folder"))
      case .symbolicLink: others.append((path, ArchiveInventory.link))
      }
    } catch {
      // Someone removed it meanwhile: retired files go without asking.
      if !error.isMissing { others.append((path, error.description)) }
    }
    return nil
  }
}
