package import Bytes
internal import Disk
package import History

extension ArchiveHistory {
  /// Calls `body` with each line of a part, without its line feed. Throws, with the kind `damaged`, if
  /// the file is not the one that was committed.
  package func forEachLine(of part: LiveFile, _ body: (ByteView) throws -> Void) throws {
    try PartLines(self).forEach(of: part, body)
  }

  /// Opens a part. Throws, with the kind `damaged`, if it has another length than its row says.
  func openPart(_ part: LiveFile) throws -> File {
    let file = try findPart(part)
    guard try file.size() == part.row.bytes else {
      throw ArchiveError(
        .damaged,
        "a part is not the one that was committed (its length is another): \(file.path): run "
          + "`trailmill verify`")
    }
    return file
  }

  /// One of a commit that is not rolled forward yet still lies in staging, or leaves it right now.
  private func findPart(_ part: LiveFile) throws(DiskError) -> File {
    let place = path + "/" + part.row.path
    do { return try disk.open(place) } catch {
      guard error.isMissing, let staged = part.row.staged else { throw error }
      let folder = path + "/" + StagingNames.folder(part.sequence)
      do { return try disk.open(folder + "/" + staged) } catch { return try disk.open(place) }
    }
  }
}
