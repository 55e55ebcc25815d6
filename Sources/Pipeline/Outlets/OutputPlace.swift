package import Disk
internal import History
internal import Settings

/// Where commands may write: nothing but an archive's own commands writes into its folder.
package enum OutputPlace {
  /// Throws if the file that would be made or replaced at `path` lies in an archive.
  package static func check(file path: String, _ disk: Disk) throws {
    let isLink = (try? disk.linkStat(path))?.kind == .symbolicLink
    let folder = isLink ? parent(of: (try? disk.realPath(path)) ?? path) : parent(of: path)
    guard let archive = archive(around: folder, disk) else { return }
    throw UsageError(
      "the output lies in the archive \(archive), which only its own commands write to: \(path): name a "
        + "place outside of it")
  }

  /// Throws if an archive at `path` would lie in another one.
  package static func check(archive path: String, _ disk: Disk) throws {
    guard let around = archive(around: parent(of: path), disk) else { return }
    throw UsageError(
      "the archive would lie in the archive \(around): \(path): name a place outside of it")
  }

  /// Throws if a witness at `path` would lie in an archive.
  package static func check(witness path: String, _ disk: Disk) throws {
    guard let around = archive(around: path, disk) else { return }
    throw UsageError(
      "the witness lies in the archive \(around): \(path): name a folder where those who write to the "
        + "archive cannot take anything away")
  }

  /// The archive that a folder is or lies in, if any; of a folder that is not there, that of the nearest
  /// one above it.
  private static func archive(around folder: String, _ disk: Disk) -> String? {
    var folder = folder
    while true {
      if let place = try? disk.realPath(folder) { return ArchivePlace.around(place, disk) }
      let above = parent(of: folder)
      guard above != folder else { return nil }
      folder = above
    }
  }
}
