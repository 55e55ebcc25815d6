package import Bytes
package import Disk
package import Trail

/// The published parts of archives that are inputs: those that the manifests name, and no file that merely
/// lies there, as what was retired may for a while.
package final class PublishedParts {
  /// A part that is an input.
  package struct Input {
    /// Below the folder that was named.
    package let path: String
    package let sha256: Digest256?
    /// Where it lies when a commit has moved it meanwhile.
    package let otherPlaces: [String]
  }

  /// A part, relative to its archive, and where it is.
  private struct Part {
    let path: String
    let place: String
    let otherPlaces: [String]
    let sha256: Digest256?
    let added: AddedMembers
  }

  private let disk: Disk
  /// What an archive has, in the order of the paths, and the paths of what it had.
  private struct Known {
    var parts: [Part]
    /// By path.
    var byPath: [String: Part]
    var former: [String]
  }

  /// By the absolute path of the archive.
  private var known: [String: Known] = [:]
  /// What was added to the events of the parts that were found, by the path as it was given.
  private var foundAdded: [String: AddedMembers] = [:]

  package init(_ disk: Disk) { self.disk = disk }

  /// What was added to the events of a part that `below` has found; nil for any other file.
  package func added(to path: String) -> AddedMembers? { foundAdded[path] }

  /// The parts below a folder, in the order of their paths, if the folder is an archive or one of the folders
  /// of its parts; for a part itself the part; nil for anything else.
  package func below(_ folder: String) throws -> [Input]? {
    guard let place = try absolute(folder) else { return nil }
    guard let archive = ArchivePlace.around(place, disk) else { return nil }
    let contents = try contents(archive)
    func input(_ path: String, _ part: Part) -> Input {
      foundAdded[path] = part.added
      return Input(path: path, sha256: part.sha256, otherPlaces: part.otherPlaces)
    }
    func found(_ part: Part) -> Input { input(path(part, in: place, as: folder), part) }
    guard archive != place else { return contents.parts.map(found) }
    let relative = String(Substring(place.utf8.dropFirst(archive.utf8.count + 1)))
    if let part = contents.byPath[relative] {
      return [input(folder, part)]
    }
    let prefix = relative + "/"
    let below = contents.parts.filter { $0.path.utf8.starts(with: prefix.utf8) }
    let isKnown = !below.isEmpty || contents.former.contains { $0.utf8.starts(with: prefix.utf8) }
    return isKnown ? below.map(found) : nil
  }

  /// The absolute path of a file or folder; nil of a file that can be read and whose place cannot be told.
  private func absolute(_ path: String) throws -> String? {
    do { return try disk.realPath(path) } catch {
      guard error.isForbidden, try disk.stat(path).kind != .directory else { throw error }
      return nil
    }
  }

  /// The path of a part below `place`, which was given as `folder`; of one that is not below it, its place.
  private func path(_ part: Part, in place: String, as folder: String) -> String {
    let above = place + "/"
    guard part.place.utf8.starts(with: above.utf8) else { return part.place }
    let rest = Substring(part.place.utf8.dropFirst(above.utf8.count))
    return (folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/") + rest
  }

  private func contents(_ archive: String) throws -> Known {
    if let contents = known[archive] { return contents }
    let history = try ArchiveHistory(disk: disk, path: archive)
    let files = try LiveFiles(history)
    let parts = try files.all(.part).map { file in
      Part(
        path: file.row.path, place: try place(of: file, history),
        otherPlaces: file.places.dropFirst().map { history.path + "/" + $0 },
        sha256: file.row.sha256, added: files.added(to: file))
    }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    var byPath: [String: Part] = [:]
    for part in parts { byPath[part.path] = part }
    let contents = Known(parts: parts, byPath: byPath, former: files.former.map(\.path))
    known[archive] = contents
    return contents
  }

  /// Where a part is.
  private func place(of file: LiveFile, _ history: ArchiveHistory) throws -> String {
    for place in file.places.map({ history.path + "/" + $0 }) {
      // Nothing of an archive is reached through a link.
      guard let status = try history.disk.statIfPresent(place) else { continue }
      guard status.kind == .regular, status.size == file.row.bytes else {
        throw history.damaged("a part is not the one that was committed", place)
      }
      return place
    }
    throw history.damaged("a part is missing", history.path + "/" + file.row.path)
  }
}
