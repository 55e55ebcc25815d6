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
  /// The parts in the order of their paths, by the absolute path of the archive.
  private var known: [String: [Part]] = [:]

  package init(_ disk: Disk) { self.disk = disk }

  /// The parts below a folder, in the order of their paths, if the folder is an archive or one of the folders
  /// of its parts; nil for any other folder.
  package func below(_ folder: String) throws -> [String]? {
    let place = try disk.realPath(folder)
    if try isArchive(place) {
      return try parts(place).map { path($0, in: place, as: folder) }
    }
    var archive = place
    while let slash = archive.lastIndex(of: "/"), slash > archive.startIndex {
      archive = String(archive[..<slash])
      guard try isArchive(archive) else { continue }
      let prefix = String(place.dropFirst(archive.count + 1)) + "/"
      let below = try parts(archive).filter { $0.path.hasPrefix(prefix) }
      return below.isEmpty ? nil : below.map { path($0, in: place, as: folder) }
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

  private func parts(_ archive: String) throws -> [Part] {
    if let parts = known[archive] { return parts }
    let history = try ArchiveHistory(disk: disk, path: archive)
    let parts = try LiveFiles(history).all(.part).map { file in
      Part(path: file.row.path, place: try place(of: file, history))
    }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    known[archive] = parts
    return parts
  }

  /// Where a part is: one of a commit that is not rolled forward yet still lies in staging, or leaves it
  /// right now.
  private func place(of file: LiveFile, _ history: ArchiveHistory) throws -> String {
    let place = history.path + "/" + file.row.path
    let staged = file.row.staged.map {
      history.path + "/" + StagingNames.folder(file.sequence) + "/" + $0
    }
    for candidate in [place, staged ?? place, place] {
      if try disk.statIfPresent(candidate) != nil { return candidate }
    }
    throw history.damaged("a part is missing", place)
  }
}
