internal import History
internal import Disk

/// Every file below an archive but for what the chain does not cover: the lock, staging, failed runs.
struct ArchiveInventory {
  /// Sizes in bytes by path relative to the archive.
  private(set) var sizes: [String: Int64] = [:]
  /// Folders within one another that are looked into: 64.
  private static let deepest = 64

  /// A path that is neither file nor folder, or cannot be looked at.
  struct Other {
    let path: String
    /// Why.
    let what: String
    /// True if this user may not look at it.
    var isForbidden = false
  }

  /// The first of those that are neither file nor folder, or cannot be looked at.
  private(set) var others: [Other] = []
  /// How many more of them there are.
  private(set) var moreOthers = 0
  /// Folders that this user may not look into.
  private var forbidden: Set<String> = []
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
      do {
        let kind = try disk.statIfPresent(root + "/" + path)?.kind
        if kind == .symbolicLink { add(Other(path: path, what: ArchiveInventory.link)) }
        if kind == .directory, path == StagingNames.folder {
          staged = Set(try disk.names(in: root + "/" + path).readable)
        }
      } catch {
        guard error.isForbidden else { throw error }
        forbid(path)
      }
    }
    // Of folders within one another the outermost tells.
    others = others.filter { !$0.isForbidden || !isHidden($0.path) }
  }

  private mutating func add(_ other: Other) {
    guard others.count < VerificationReport.mostOfKind else {
      moreOthers += 1
      return
    }
    others.append(other)
  }

  private mutating func forbid(_ path: String) {
    if forbidden.insert(path).inserted {
      add(Other(path: path, what: ArchiveInventory.noPermission, isForbidden: true))
    }
  }

  /// True if nobody knows what is at a path, as this user may not look into a folder above it.
  func isHidden(_ path: String) -> Bool {
    guard !forbidden.isEmpty else { return false }
    var names = path.utf8.split(separator: UInt8(ascii: "/")).dropLast()
    while !names.isEmpty {
      if forbidden.contains(names.map { String(Substring($0)) }.joined(separator: "/")) {
        return true
      }
      names.removeLast()
    }
    return false
  }

  /// True for a folder that this user may not look into.
  func isForbidden(_ folder: String) -> Bool { forbidden.contains(folder) || isHidden(folder) }

  static let noPermission = "no permission to read it"

  private static let link = "a link, of which an archive has none"

  private mutating func walk(_ disk: Disk, _ root: String, _ first: String) throws(DiskError) {
    var pending = [first]
    while let folder = pending.popLast() {
      let prefix = folder.isEmpty ? "" : folder + "/"
      let names: (readable: [String], unreadable: [String])
      do { names = try disk.names(in: folder.isEmpty ? root : root + "/" + folder) } catch {
        guard !folder.isEmpty else { throw error }
        if error.isForbidden {
          forbid(folder)
        } else if !error.isMissing {
          add(Other(path: folder, what: error.description))
        }
        continue
      }
      for name in names.unreadable {
        add(Other(path: prefix + name, what: "a name that is not UTF-8"))
      }
      for name in names.readable {
        let path = prefix + name
        guard !ArchiveInventory.uncovered.contains(path),
          path != ManifestNames.folder
        else { continue }
        guard let folder = take(disk, root, path) else { continue }
        if folder.utf8.split(separator: UInt8(ascii: "/")).count < ArchiveInventory.deepest {
          pending.append(folder)
        } else {
          add(Other(path: folder, what: "folders deeper than those of an archive"))
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
      case .other: add(Other(path: path, what: "neither a file nor a folder"))
      case .symbolicLink: add(Other(path: path, what: ArchiveInventory.link))
      }
    } catch {
      if error.isForbidden {
        add(Other(path: path, what: ArchiveInventory.noPermission, isForbidden: true))
      } else if !error.isMissing {
        // Else someone removed it meanwhile: retired files go without asking.
        add(Other(path: path, what: error.description))
      }
    }
    return nil
  }
}
