package import Disk

/// The published parts of archives that are inputs: those that the manifests name, and no file that merely
/// lies there, as what was retired may for a while.
package final class PublishedParts {
  /// A part, relative to its archive, and where it is.
  private struct Part {
    let path: String
    let place: String
  }

  private let disk: Disk
  /// What an archive has, in the order of the paths, and the paths of what it had.
  private struct Known {
    var parts: [Part]
    var former: [String]
  }

  /// By the absolute path of the archive.
  private var known: [String: Known] = [:]

  package init(_ disk: Disk) { self.disk = disk }

  /// The parts below a folder, in the order of their paths, if the folder is an archive or one of the folders
  /// of its parts; nil for any other folder.
  package func below(_ folder: String) throws -> [String]? {
    let place = try disk.realPath(folder)
    if try isArchive(place) {
      return try contents(place).parts.map { path($0, in: place, as: folder) }
    }
    var archive = place
    while let slash = archive.lastIndex(of: "/"), slash > archive.startIndex {
      archive = String(archive[..<slash])
      guard try isArchive(archive) else { continue }
      let prefix = String(place.dropFirst(archive.count + 1)) + "/"
      let contents = try contents(archive)
      let below = contents.parts.filter { $0.path.hasPrefix(prefix) }
      guard !below.isEmpty || contents.former.contains(where: { $0.hasPrefix(prefix) }) else {
        return nil
      }
      return below.map { path($0, in: place, as: folder) }
    }
    return nil
  }

  private func isArchive(_ place: String) throws -> Bool {
    try disk.statIfPresent(place + "/" + ManifestNames.folder)?.kind == .directory
  }

  /// The path of a part below `place`, which was given as `folder`; of one that is not below it, its place.
  private func path(_ part: Part, in place: String, as folder: String) -> String {
    guard part.place.hasPrefix(place + "/") else { return part.place }
    return (folder.hasSuffix("/") ? folder : folder + "/") + part.place.dropFirst(place.count + 1)
  }

  private func contents(_ archive: String) throws -> Known {
    if let contents = known[archive] { return contents }
    let history = try ArchiveHistory(disk: disk, path: archive)
    let files = try LiveFiles(history)
    let parts = try files.all(.part).map { file in
      Part(path: file.row.path, place: try place(of: file, history))
    }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    let contents = Known(parts: parts, former: files.former.map(\.path))
    known[archive] = contents
    return contents
  }

  /// Where a part is: one of a commit that is not rolled forward yet still lies in staging, or leaves it
  /// right now.
  private func place(of file: LiveFile, _ history: ArchiveHistory) throws -> String {
    let place = history.path + "/" + file.row.path
    let staged = file.row.staged.map {
      history.path + "/" + StagingNames.folder(file.sequence) + "/" + $0
    }
    for candidate in [place, staged ?? place, place] {
      // Nothing of an archive is reached through a link.
      guard let status = try history.disk.statIfPresent(candidate) else { continue }
      guard status.kind == .regular, status.size == file.row.bytes else {
        throw history.damaged("a part is not the one that was committed", candidate)
      }
      return candidate
    }
    throw history.damaged("a part is missing", place)
  }
}
