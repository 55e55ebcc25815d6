package import Disk

/// Where archives are.
package enum ArchivePlace {
  /// The archive that a folder is or lies in, if any. The path has to be absolute.
  package static func around(_ folder: String, _ disk: Disk) -> String? {
    var folder = folder
    while true {
      let manifests = folder + "/" + ManifestNames.folder
      if (try? disk.stat(manifests))?.kind == .directory { return folder }
      let above = parent(of: folder)
      guard above != folder else { return nil }
      folder = above
    }
  }
}
