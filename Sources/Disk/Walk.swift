/// The files in a directory and all directories in it.
package struct Walk: Equatable, Sendable {
  /// Paths of regular files, each beginning with the root as it was given, sorted by their bytes.
  package var files: [String] = []
  /// What was left out: names that begin with `.` or `_` (a directory counts once), linked
  /// directories below the root, and what is neither file nor directory.
  package var skipped = 0
}

extension Disk {
  /// Finds the files below `root`, which may be a symbolic link to a directory.
  ///
  /// A link to a file counts as that file; a link to a directory is not followed, so a loop has
  /// an end. A link that leads nowhere is an error, as a file that cannot be read is.
  package func walk(_ root: String) throws(DiskError) -> Walk {
    var walk = Walk()
    var pending = [root]
    while let directory = pending.popLast() {
      let prefix = directory.utf8.last == UInt8(ascii: "/") ? directory : directory + "/"
      for name in try list(directory) {
        if name.utf8.first == UInt8(ascii: ".") || name.utf8.first == UInt8(ascii: "_") {
          walk.skipped += 1
          continue
        }
        let path = prefix + name
        let status = try linkStat(path)
        switch status.kind {
        case .regular: walk.files.append(path)
        case .directory: pending.append(path)
        case .symbolicLink where try stat(path).kind == .regular: walk.files.append(path)
        case .symbolicLink, .other: walk.skipped += 1
        }
      }
    }
    walk.files.sort(by: precedesInBytes)
    return walk
  }
}
