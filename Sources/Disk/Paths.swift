internal import Platform

/// What a path leads to.
package enum FileType: Equatable, Sendable {
  /// A regular file.
  case regular
  /// A directory.
  case directory
  /// A symbolic link.
  case symbolicLink
  /// A pipe, a socket or a device.
  case other
}

/// What the system knows about a file.
package struct FileStatus: Equatable, Sendable {
  /// What kind of file it is.
  package let kind: FileType
  /// Length in bytes.
  package let size: Int64
  /// Time of the last change of its contents, in nanoseconds since 1970.
  package let modified: Int64
  /// Time of the last change of its contents or of what is known about it, which nobody can set.
  package let changed: Int64
  /// Number of the file on its device.
  package let inode: UInt64
  /// Number of the device.
  package let device: UInt64
  /// Permission bits.
  package let mode: UInt32

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .symbolicLink
    default: kind = .other
    }
    size = Int64(status.st_size)
    modified = modificationTime(status)
    changed = changeTime(status)
    inode = UInt64(status.st_ino)
    device = UInt64(truncatingIfNeeded: status.st_dev)
    mode = UInt32(status.st_mode) & 0o7777
  }

  /// True if both describe the same file, by whatever name.
  package func isSameFile(as other: FileStatus) -> Bool {
    inode == other.inode && device == other.device
  }
}

extension Disk {
  /// What the system knows about the file that `path` leads to, through links where they are followed.
  package func stat(_ path: String) throws(DiskError) -> FileStatus {
    var result = emptyStatus()
    try attempt(.stat, path) {
      place(of: path) { sysStat($0, $1, &result, $2 ? AT_SYMLINK_NOFOLLOW : 0) }
    }
    return FileStatus(result)
  }

  /// The status of what `path` names; of a symbolic link, that of the link itself.
  package func linkStat(_ path: String) throws(DiskError) -> FileStatus {
    var result = emptyStatus()
    try attempt(.stat, path) {
      place(of: path) { (directory, name, _) in
        sysStat(directory, name, &result, AT_SYMLINK_NOFOLLOW)
      }
    }
    return FileStatus(result)
  }

  /// What `linkStat` says; nil if `path` leads nowhere.
  package func linkStatIfPresent(_ path: String) throws(DiskError) -> FileStatus? {
    do { return try linkStat(path) } catch {
      if error.leadsNowhere { return nil }
      throw error
    }
  }

  /// What `stat` says; nil if there is nothing at `path`.
  package func statIfPresent(_ path: String) throws(DiskError) -> FileStatus? {
    do { return try stat(path) } catch {
      if error.errno == ENOENT || error.errno == ENOTDIR { return nil }
      throw error
    }
  }

  /// Gives `old` the name `new`, in one step, in place of what had it. Within one file system.
  package func rename(_ old: String, to new: String) throws(DiskError) {
    try rename(old, to: new, by: sysRename)
  }

  /// Gives `old` the name `new`, which must not be taken: EEXIST if it is. Within one file system.
  ///
  /// In one step by renameat2(2); for a file where the file system has no such call by link(2); where it has
  /// neither, after a look at whether the name is taken.
  package func renameExclusively(_ old: String, to new: String) throws(DiskError) {
    do {
      return try rename(old, to: new, by: sysRenameExclusively)
    } catch {
      guard error.isUnsupported else { throw error }
    }
    do { try rename(old, to: new, by: sysLink) } catch {
      guard [EPERM, ENOSYS, ENOTSUP, EOPNOTSUPP, EMLINK].contains(error.errno) else { throw error }
      guard try statIfPresent(new) == nil else { throw DiskError(.rename, new, EEXIST) }
      return try rename(old, to: new)
    }
    // The name is given: what is left of the old one is nobody's concern here.
    _ = try? remove(old)
  }

  private func rename(
    _ old: String, to new: String, by call: ((Int32, String), (Int32, String)) -> Int32
  ) throws(DiskError) {
    try attempt(.rename, new) {
      place(of: old) { (from, oldName, _) in
        place(of: new) { (to, newName, _) in call((from, oldName), (to, newName)) }
      }
    }
  }

  /// Removes a file, or a symbolic link but not what it leads to.
  package func remove(_ path: String) throws(DiskError) {
    try attempt(.remove, path) {
      place(of: path) { (directory, name, _) in sysUnlink(directory, name) }
    }
  }

  /// Removes a file if there is one; returns whether there was.
  @discardableResult
  package func removeIfPresent(_ path: String) throws(DiskError) -> Bool {
    do {
      try remove(path)
      return true
    } catch {
      if error.errno == ENOENT { return false }
      throw error
    }
  }

  /// The absolute path without symbolic links and dots. Everything on it must exist.
  package func realPath(_ path: String) throws(DiskError) -> String {
    var resolved: String?
    try attempt(.resolve, path) { () -> Int32 in
      resolved = sysRealPath(path)
      return resolved == nil ? -1 : 0
    }
    return resolved ?? path
  }
}

/// Inside `Disk`, whose `stat` is a method, the type cannot be named.
private func emptyStatus() -> stat { stat() }
