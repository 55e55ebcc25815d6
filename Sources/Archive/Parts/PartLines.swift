package import Bytes
internal import Codec
internal import Crypto
internal import Disk
package import History

// What lies there may be anything, before it was compared with its digest: a small file can hold a line of
// many GiB, or a thousand lines for each byte. So a line that is longer than some MiB is taken only of a part
// that was gone through before, in little memory; of a member no more text is taken than its index says;
// there are no more lines than the row says, and none is empty.

/// Reads the lines of published parts, each without its line feed: of a whole part or of one member. One for
/// each worker.
package final class PartLines {
  /// Longest line that is read, in bytes: 320 MiB. No event is longer with what is added to it; a row of the
  /// quarantine can be.
  static let longestLine = 320 << 20
  /// Bytes of a line that are taken before its part was compared with its digest: 32 MiB.
  private static let longestUnchecked = 32 << 20
  /// Bytes of memory that are kept from part to part: 4 MiB.
  private static let kept = 4 << 20
  /// Bytes as stored, and of text, that are read at a time.
  private static let chunk = 256 << 10
  /// Bytes as stored, and of text, that are read at a time where whole members are decoded at once.
  private static let wholeMembers = (stored: 1 << 20, text: 4 << 20)
  /// Bytes as stored that are read at a time of the part that is read now.
  private var storedChunk: Int {
    decoder.format == .zstd ? PartLines.wholeMembers.stored : PartLines.chunk
  }
  /// Text that a member may have, in bytes: it ends with the line that brings it to its size.
  private var longestMember: Int { Compression.memberSize + longestLine }

  private let longestLine: Int
  private let longestUnchecked: Int
  private let history: ArchiveHistory
  private var decoder: MemberDecoder
  private var stored = ByteBuffer(capacity: PartLines.chunk)
  private var text = LineBuffer(capacity: PartLines.chunk)
  /// Bytes that a line of the part may have, as far as is known.
  private var bound = 0
  /// Lines of the part that were handed out.
  private var lines = 0
  /// The part of which members are read.
  private var open: (path: String, file: File)?
  /// Bytes as stored that were read so far.
  package private(set) var bytesRead = 0
  /// Bytes of text that were read so far.
  package private(set) var textRead = 0

  /// A reader of the parts of `history`'s archive.
  package convenience init(_ history: ArchiveHistory) throws {
    try self.init(history, longestLine: PartLines.longestLine)
  }

  init(
    _ history: ArchiveHistory, longestLine: Int, longestUnchecked: Int = PartLines.longestUnchecked
  ) throws {
    self.history = history
    self.longestLine = longestLine
    self.longestUnchecked = longestUnchecked
    decoder = try MemberDecoder()
  }

  // MARK: Whole parts

  /// Calls `body` with each line of a part, and `memberEnd` with the place behind each member when all of its
  /// lines were handed out. Throws, with the kind `damaged`, if the file is not the one that its row speaks
  /// of: what was altered is not to be read as if it were evidence.
  package func forEach(
    of part: LiveFile, memberEnd: (Int64) throws -> Void = { _ in },
    _ body: (ByteView) throws -> Void
  ) throws {
    let file = try history.openPart(part)
    bytesRead += Int(clamping: part.row.bytes)
    do { try read(file, part.row, memberEnd, body) } catch let error as CodecError {
      throw PartLines.refused(file.path, error)
    }
  }

  /// What it means that a part cannot be decoded: it was altered, if anything can decode it here.
  private static func refused(_ path: String, _ error: CodecError) -> ArchiveError {
    guard error.kind == .library else { return altered(path, error.message) }
    return ArchiveError(.fault, "\(error.message): \(path)")
  }

  static func altered(_ path: String, _ how: String) -> ArchiveError {
    ArchiveError(
      .damaged,
      "a part is not the one that was committed (\(how)): \(path): run `trailmill verify`")
  }

  private func read(
    _ file: File, _ row: ManifestRow, _ memberEnd: (Int64) throws -> Void,
    _ body: (ByteView) throws -> Void
  ) throws {
    var hasher = SHA256Hasher()
    var hasBegun = false
    var cut = Int64(0)
    prepare()
    bound = min(longestLine, longestUnchecked)
    lines = 0
    while true {
      stored.removeAll()
      let wanted = hasBegun ? storedChunk : PartLines.chunk
      guard try file.read(into: &stored, upTo: wanted) > 0 else { break }
      hasher.update(stored.view)
      if !hasBegun { try decoder.begin(.recognized(in: stored.view)) }
      hasBegun = true
      try decode(file, row, memberEnd, body)
      if decoder.format == .none {
        // What is not compressed has no members; for an index it is cut as long as members are.
        let lineEnd = Int64(decoder.consumed - text.count)
        if lineEnd - cut >= Int64(Compression.memberSize) {
          try memberEnd(lineEnd)
          cut = lineEnd
        }
      }
    }
    if hasBegun { try decoder.finish() }
    if hasBegun, decoder.format == .none, cut < decoder.consumed {
      try memberEnd(Int64(decoder.consumed))
    }
    try file.close()
    guard hasher.finalize() == row.sha256, text.count == 0 else {
      throw PartLines.altered(file.path, "its digest is another")
    }
    guard lines == row.records else {
      throw PartLines.altered(file.path, "it has \(lines) lines, its row says \(row.records)")
    }
  }

  /// Forgets what was read before, and gives memory back that only a long line needed.
  private func prepare() {
    text.removeAll()
    text.bytes.trim(keeping: PartLines.kept)
  }

  private func decode(
    _ file: File, _ row: ManifestRow, _ memberEnd: (Int64) throws -> Void,
    _ body: (ByteView) throws -> Void
  ) throws {
    let limit = decoder.format == .zstd ? PartLines.wholeMembers.text : PartLines.chunk
    var at = 0
    while true {
      let rest = ByteView(rebasing: stored.view[at...])
      let step = try decoder.decode(rest, into: &text.bytes, limit: limit)
      at += step.consumed
      try text.takeLines { line in
        lines += 1
        guard lines <= row.records else {
          throw PartLines.altered(file.path, "it has more lines than the \(row.records) of its row")
        }
        guard line.count <= longestLine else {
          throw PartLines.altered(file.path, "a line is longer than \(longestLine) bytes")
        }
        guard line.count > 0 else { throw PartLines.altered(file.path, "a line is empty") }
        textRead += line.count + 1
        try body(line)
      }
      if text.count > bound {
        bound = try PartExamination(file, row, longestLine: longestLine).longestLine
        text.bytes.reserve(max(0, bound - text.count) + PartLines.chunk)
      }
      switch step.state {
      case .memberEnd: try memberEnd(Int64(decoder.consumed))
      case .needsInput: return
      case .outputFull: continue
      }
    }
  }

  // MARK: Members

  /// Calls `body` with the lines of a member of a part, or of all of the part; not with those of a member for
  /// whose text `isWanted` is false. Throws, with the kind `damaged`, where the part is not there or damaged.
  package func forEach(
    of part: LiveFile, _ member: IndexedMember?, ofText isWanted: (ByteView) -> Bool,
    _ body: (ByteView) throws -> Void
  ) throws {
    var refusal: (any Error)?
    do {
      guard let member else {
        return try forEach(of: part) { line in
          do { try body(line) } catch {
            refusal = error
            throw error
          }
        }
      }
      try fill(part, member)
    } catch let error as ArchiveError {
      throw error
    } catch let error as CodecError where error.kind == .library {
      throw PartLines.refused(part.row.path, error)
    } catch {
      if let refusal { throw refusal }
      throw PartLines.damaged(part, "\(error)")
    }
    if isWanted(text.bytes.view) { try text.bytes.view.forEachLine(body) }
  }

  private static func damaged(_ part: LiveFile, _ how: String) -> ArchiveError {
    ArchiveError(
      .damaged, "a part cannot be read: \(part.row.path): \(how): run `trailmill verify`")
  }

  /// Reads the text of a member.
  private func fill(_ part: LiveFile, _ member: IndexedMember) throws {
    let file = try self.file(part)
    var offset = member.offset
    let end = offset + Int64(member.storedCount)
    prepare()
    let longest = min(longestMember, member.textCount)
    text.bytes.reserve(longest)
    // By its name, not by its bytes: a member has no digest that would tell if these were altered.
    try decoder.begin(CompressionFormat(ofLinesNamed: part.row.path) ?? .none)
    while offset < end {
      stored.removeAll()
      let wanted = Int(min(end - offset, Int64(storedChunk)))
      let count = try file.pread(into: &stored, upTo: wanted, at: offset)
      guard count == wanted else { throw PartLines.damaged(part, "it is shorter than it was") }
      offset += Int64(count)
      bytesRead += count
      try decodeMember(longest)
      guard text.count <= longest else {
        throw PartLines.damaged(part, "a member has more than \(longest) bytes of text")
      }
    }
    try decoder.finish()
    guard text.count == member.textCount else {
      throw PartLines.damaged(
        part, "a member has \(text.count) bytes of text, the index says \(member.textCount)")
    }
    textRead += text.count
  }

  /// Decodes what was read, and one byte more than `longest` at most.
  private func decodeMember(_ longest: Int) throws {
    var at = 0
    while true {
      let rest = ByteView(rebasing: stored.view[at...])
      let limit = min(4 << 20, longest + 1 - text.count)
      let step = try decoder.decode(rest, into: &text.bytes, limit: limit)
      at += step.consumed
      if step.state == .needsInput || text.count > longest { return }
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
