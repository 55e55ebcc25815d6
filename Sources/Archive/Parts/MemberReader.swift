package import History
package import Bytes
internal import Codec
internal import Disk

/// Reads the lines of published parts: of a member, or of a whole part. One for each worker.
package final class MemberReader {
  private static let chunk = 256 << 10
  /// Text that a member may have, in bytes, at most: what exceeds it is damage.
  private static let longestText = 1 << 30

  private let history: ArchiveHistory
  private var inflater: Inflater
  private var parts: PartReader
  private var stored = ByteBuffer(capacity: MemberReader.chunk)
  private var text = ByteBuffer(capacity: 16)
  private var open: (path: String, file: File)?
  /// Bytes as stored that were read so far.
  package private(set) var bytesRead = 0
  /// Bytes of text that were read so far.
  package private(set) var textRead = 0

  /// A reader of the parts of `history`'s archive.
  package init(_ history: ArchiveHistory) throws {
    self.history = history
    inflater = try Inflater()
    parts = try PartReader()
  }

  /// Calls `body` with the lines of a member of a part, or of all of the part, each without its line feed;
  /// not with those of a member for whose text `isWanted` is false. Throws where the part is not there or
  /// damaged.
  package func forEachLine(
    _ part: LiveFile, _ member: IndexedMember?, ofText isWanted: (ByteView) -> Bool,
    _ body: (ByteView) throws -> Void
  ) throws {
    var refusal: (any Error)?
    do {
      guard let member else {
        return try readPart(part) { line in
          do { try body(line) } catch {
            refusal = error
            throw error
          }
        }
      }
      try fill(part, member)
    } catch let error as ArchiveError {
      throw error
    } catch {
      if let refusal { throw refusal }
      throw ArchiveError(
        .damaged, "a part cannot be read: \(part.row.path): \(error): run `trailmill verify`")
    }
    textRead += text.count
    if isWanted(text.view) { try text.view.forEachLine(body) }
  }

  private func readPart(_ part: LiveFile, _ body: (ByteView) throws -> Void) throws {
    bytesRead += Int(clamping: part.row.bytes)
    try parts.forEachLine(try history.openPart(part), part.row) { line in
      textRead += line.count + 1
      try body(line)
    }
  }

  private func fill(_ part: LiveFile, _ member: IndexedMember) throws {
    let file = try self.file(part)
    var offset = member.offset
    let end = offset + Int64(member.storedCount)
    inflater.reset()
    text.removeAll()
    text.trim(keeping: 4 << 20)
    guard !part.row.path.hasSuffix(".zz") else { throw PartReader.unreadable(part.row.path) }
    let isGzip = part.row.path.hasSuffix(".gz")
    while offset < end {
      stored.removeAll()
      let wanted = Int(min(end - offset, Int64(MemberReader.chunk)))
      let count = try file.pread(into: &stored, upTo: wanted, at: offset)
      guard count == wanted else { throw MemberReader.damaged(part, "it is shorter than it was") }
      offset += Int64(count)
      bytesRead += count
      if isGzip { try inflate() } else { text.append(stored.view) }
      guard text.count <= MemberReader.longestText else {
        throw MemberReader.damaged(
          part, "a member has more than \(MemberReader.longestText) bytes of text")
      }
    }
    if isGzip { try inflater.finish() }
  }

  private static func damaged(_ part: LiveFile, _ how: String) -> ArchiveError {
    ArchiveError(
      .damaged, "a part cannot be read: \(part.row.path): \(how): run `trailmill verify`")
  }

  private func inflate() throws {
    var at = 0
    while true {
      let rest = ByteView(rebasing: stored.view[at...])
      let step = try inflater.inflate(rest, into: &text, limit: 4 << 20)
      at += step.consumed
      if step.state == .needsInput || text.count > MemberReader.longestText { return }
    }
  }

  private func file(_ part: LiveFile) throws -> File {
    let path = part.row.path
    if let open, open.path == path { return open.file }
    let file = try history.openPart(part)
    open = (path, file)
    return file
  }
}
