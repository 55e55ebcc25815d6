public import Bytes
internal import Codec
internal import Disk

/// Reads pieces of published parts: whole members, or whole parts. One for each worker.
public final class MemberReader {
  private static let chunk = 256 << 10
  /// Text that a member may have, in bytes, at most: what exceeds it is damage.
  private static let longestText = 1 << 30

  private let disk: Disk
  private let archive: String
  private var inflater: Inflater
  private var stored = ByteBuffer(capacity: MemberReader.chunk)
  private var open: (path: String, file: File)?
  /// Bytes as stored that were read so far.
  public private(set) var bytesRead = 0

  /// A reader of the parts of `history`'s archive.
  public init(_ history: ArchiveHistory) throws {
    disk = history.disk
    archive = history.path
    inflater = try Inflater()
  }

  /// Puts the text of a piece of a part into `text`, in place of what it held. Without a member all of the
  /// part is read. Throws where the part is not there or damaged.
  public func read(
    _ part: LiveFile, _ member: IndexedMember?, into text: inout ByteBuffer
  ) throws(ArchiveError) {
    text.removeAll()
    do { try fill(part, member, &text) } catch {
      throw ArchiveError(
        .damaged, "a part cannot be read: \(part.row.path): \(error): run `trailmill verify`")
    }
  }

  private func fill(
    _ part: LiveFile, _ member: IndexedMember?, _ text: inout ByteBuffer
  ) throws {
    let file = try self.file(part.row.path)
    var offset = member?.offset ?? 0
    let end = member.map { $0.offset + Int64($0.storedCount) } ?? part.row.bytes
    inflater.reset()
    text.reserve(member?.textCount ?? Int(clamping: part.row.bytes) * 4)
    let isGzip = part.row.path.hasSuffix(".gz")
    while offset < end {
      stored.removeAll()
      let wanted = Int(min(end - offset, Int64(MemberReader.chunk)))
      let count = try file.pread(into: &stored, upTo: wanted, at: offset)
      guard count == wanted else {
        throw ArchiveError(.damaged, "it is shorter than it was")
      }
      offset += Int64(count)
      bytesRead += count
      if isGzip { try inflate(&text) } else { text.append(stored.view) }
      guard text.count <= MemberReader.longestText else {
        throw ArchiveError(
          .damaged, "more than \(MemberReader.longestText) bytes of text in one piece")
      }
    }
    if isGzip { try inflater.finish() }
  }

  private func inflate(_ text: inout ByteBuffer) throws {
    var at = 0
    while true {
      let rest = ByteView(rebasing: stored.view[at...])
      let step = try inflater.inflate(rest, into: &text, limit: 4 << 20)
      at += step.consumed
      if step.state == .needsInput || text.count > MemberReader.longestText { return }
    }
  }

  private func file(_ path: String) throws -> File {
    if let open, open.path == path { return open.file }
    let file = try disk.open(archive + "/" + path)
    open = (path, file)
    return file
  }
}
