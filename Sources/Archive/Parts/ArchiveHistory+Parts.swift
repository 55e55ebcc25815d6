package import Bytes
package import Codec
internal import Disk
package import History

extension ArchiveError {
  /// A part that was committed holds a line that is none of an event.
  package init(noEventIn part: LiveFile) {
    self.init(.damaged, "a line is no event: \(part.row.path): run `trailmill verify`")
  }
}

extension ArchiveHistory {
  /// Calls `body` with each line of a part, without its line feed. Throws, with the kind `damaged`, if
  /// the file is not the one that was committed.
  package func forEachLine(of part: LiveFile, _ body: (ByteView) throws -> Void) throws {
    try PartLines(self).forEach(of: part, body)
  }

  /// Throws, with the kind `damaged`, if a file is not the one that was committed: in little memory, whatever
  /// it holds. Where it may still be altered it has to be compared again while it is read.
  package func requireCommitted(_ part: LiveFile) throws {
    let file = try openPart(part)
    guard try file.digest() == part.row.sha256 else {
      throw PartLines.altered(file.path, "its digest is another")
    }
    try file.close()
  }

  /// Opens a part. Throws, with the kind `damaged`, if it has another length than its row says.
  func openPart(_ part: LiveFile) throws -> File {
    let file = try openFirst(part.places)
    guard try file.size() == part.row.bytes else {
      throw PartLines.altered(file.path, "its length is another")
    }
    guard try !file.hasHoles(of: File.mostHoles) else {
      throw PartLines.altered(file.path, "it has holes")
    }
    return file
  }

  /// Opens what is at the first of the places where anything is.
  private func openFirst(_ places: [String]) throws(DiskError) -> File {
    for place in places.dropLast() {
      do { return try disk.open(path + "/" + place) } catch {
        guard error.isMissing else { throw error }
      }
    }
    return try disk.open(path + "/" + (places.last ?? ""))
  }
}

extension ArchiveReader {
  /// Bytes that are read, and unpacked, at a time.
  private static let step = 256 << 10
  /// Bytes of text that are unpacked to see where a file ends: 4 GiB.
  private static let longestText = 4 << 30

  /// True if the file at `path` is of members of a format and ends in the middle of one, as what was cut off
  /// does.
  package func endsInsideMember(_ path: String, of format: CompressionFormat) throws -> Bool {
    let file = try disk.open(root + "/" + path)
    defer { try? file.close() }
    var decoder = try MemberDecoder()
    var stored = ByteBuffer()
    var text = ByteBuffer()
    try decoder.begin(format)
    var length = 0
    do {
      while try file.read(into: &stored, upTo: ArchiveReader.step) > 0 {
        var at = 0
        var state = Inflater.State.outputFull
        while state != .needsInput {
          guard length < ArchiveReader.longestText else { return false }
          text.removeAll()
          let rest = ByteView(rebasing: stored.view[at...])
          let step = try decoder.decode(rest, into: &text, limit: ArchiveReader.step)
          at += step.consumed
          length += text.count
          state = step.state
        }
        stored.removeAll()
      }
      try decoder.finish()
      return length == 0
    } catch let error as CodecError {
      return error.kind == .truncated
    }
  }
}
