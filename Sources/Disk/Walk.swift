/// A name in a folder that cannot be read, or is not to be.
package struct LeftOut: Equatable, Sendable {
  /// Why. The raw value is what people are told.
  package enum Reason: String, Sendable {
    case danglingLink = "a link that leads nowhere"
    case notText = "a name that is no UTF-8"
    case vanished = "it went away"
    case archive = "an archive"
    case output = "an output of this run"
  }

  /// Its path; of one that is no UTF-8, made readable.
  package let path: String
  package let reason: Reason

  package init(_ path: String, _ reason: Reason) {
    self.path = path
    self.reason = reason
  }
}

/// The files in a directory and all directories in it.
package struct Walk: Equatable, Sendable {
  /// Paths of regular files, each beginning with the root as it was given, sorted by their bytes.
  package var files: [String] = []
  /// What was passed over by rule: names that begin with `.` or `_` (a directory counts once), linked
  /// directories below the root, and what is neither file nor directory.
  package var skipped = 0
  /// What somebody may have expected to be read, sorted by the bytes of the paths.
  package var leftOut: [LeftOut] = []
}

extension Disk {
  /// Finds the files below `root`, which may be a symbolic link to a directory.
  ///
  /// A link to a file counts as that file; a link to a directory is not followed, so a loop has
  /// an end. What goes away meanwhile, leads nowhere, or has a name that is no text, is left out. A folder
  /// below the root is left out whole if `isLeftOut`, which sees the names in it, gives a reason.
  package func walk(
    _ root: String,
    isLeftOut: (_ folder: String, _ names: [String]) throws(DiskError) -> LeftOut.Reason? =
      { (_, _) throws(DiskError) in nil }
  ) throws(DiskError) -> Walk {
    var walk = Walk()
    var pending = [root]
    while let directory = pending.popLast() {
      guard let names = try names(ofFolder: directory, isRoot: directory == root) else {
        walk.leftOut.append(LeftOut(directory, .vanished))
        continue
      }
      if directory != root, let reason = try isLeftOut(directory, names.readable) {
        walk.leftOut.append(LeftOut(directory, reason))
        continue
      }
      let prefix = directory.utf8.last == UInt8(ascii: "/") ? directory : directory + "/"
      walk.leftOut += names.unreadable.map { LeftOut(prefix + $0, .notText) }
      for name in names.readable {
        if name.utf8.first == UInt8(ascii: ".") || name.utf8.first == UInt8(ascii: "_") {
          walk.skipped += 1
          continue
        }
        let path = prefix + name
        switch try kind(path) {
        case .file: walk.files.append(path)
        case .directory: pending.append(path)
        case .neither: walk.skipped += 1
        case .leftOut(let reason): walk.leftOut.append(LeftOut(path, reason))
        }
      }
    }
    walk.files.sort(by: precedesInBytes)
    walk.leftOut.sort { precedesInBytes($0.path, $1.path) }
    return walk
  }

  private enum EntryKind {
    case file, directory, neither
    case leftOut(LeftOut.Reason)
  }

  /// The names in a folder; nil if it went away. The root has to be there.
  private func names(
    ofFolder path: String, isRoot: Bool
  ) throws(DiskError) -> (readable: [String], unreadable: [String])? {
    do { return try names(in: path) } catch {
      guard !isRoot, error.leadsNowhere else { throw error }
      return nil
    }
  }

  private func kind(_ path: String) throws(DiskError) -> EntryKind {
    let kind: FileType
    do { kind = try linkStat(path).kind } catch {
      guard error.leadsNowhere else { throw error }
      return .leftOut(.vanished)
    }
    switch kind {
    case .regular: return .file
    case .directory: return .directory
    case .other: return .neither
    case .symbolicLink: break
    }
    do { return try stat(path).kind == .regular ? .file : .neither } catch {
      guard error.leadsNowhere else { throw error }
      return .leftOut(.danglingLink)
    }
  }
}
