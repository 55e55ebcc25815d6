internal import Archive
internal import History
internal import Settings

/// An archive has one layout, or who looks for a day has to look in several places: a run goes on in that of
/// the parts that are there.
enum LayoutContinuity {
  /// Throws if an archive has parts that lie by another layout than `layout`.
  static func require(_ archive: ArchiveDirectory, _ layout: Layout) throws {
    guard archive.head != nil, archive.layout != layout.template else { return }
    let files = try LiveFiles(archive.manifests)
    guard let other = files.all(.part).first(where: { !files.isLaid($0, by: layout) }) else {
      return
    }
    let known = (files.layout(of: other) ?? archive.layout).map { " (\($0))" } ?? ""
    throw UsageError(
      "the archive's parts lie by another layout\(known): \(other.row.path): lay them anew "
        + "(trailmill compact \(archive.path) --into '\(layout.name)'), or give the definition's output "
        + "their layout")
  }
}
