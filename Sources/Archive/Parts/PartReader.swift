internal import Crypto
internal import History
internal import Bytes
internal import Codec
internal import Disk

/// Reads the lines of published parts.
struct PartReader: ~Copyable {
  private static let chunk = 256 << 10
  /// Longest line, in bytes: no run writes one that is longer than `max_record` can be and what is added to
  /// it.
  private static let longestLine = 512 << 20

  private var inflater: Inflater
  private var stored = ByteBuffer(capacity: PartReader.chunk)
  private var text = ByteBuffer(capacity: PartReader.chunk)

  init() throws(CodecError) { inflater = try Inflater() }

  /// Calls `body` with each line of an open part, gzip or plain, without its line feed, and `memberEnd` with
  /// the place behind each member when all of its lines were handed out. Throws if the file is not the one
  /// that its row speaks of: what was altered is not to be read as if it were evidence.
  mutating func forEachLine(
    _ file: File, _ row: ManifestRow, memberEnd: (Int64) throws -> Void = { _ in },
    _ body: (ByteView) throws -> Void
  ) throws {
    do { try read(file, row, memberEnd, body) } catch let error as CodecError {
      throw PartReader.altered(file.path, error.message)
    }
  }

  private static func altered(_ path: String, _ how: String) -> ArchiveError {
    ArchiveError(
      .damaged,
      "a part is not the one that was committed (\(how)): \(path): run `trailmill verify`")
  }

  static func unreadable(_ path: String) -> ArchiveError {
    ArchiveError(
      .fault,
      "a part is compressed with zlib, which nothing here reads again: \(path): archive with gzip")
  }

  private mutating func read(
    _ file: File, _ row: ManifestRow, _ memberEnd: (Int64) throws -> Void,
    _ body: (ByteView) throws -> Void
  ) throws {
    var hasher = SHA256Hasher()
    inflater.reset()
    text.removeAll()
    guard !row.path.hasSuffix(".zz") else { throw PartReader.unreadable(row.path) }
    var isGzip: Bool?
    var (place, cut) = (Int64(0), Int64(0))
    while true {
      stored.removeAll()
      guard try file.read(into: &stored, upTo: PartReader.chunk) > 0 else { break }
      hasher.update(stored.view)
      let isCompressed = isGzip ?? Inflater.isGzip(prefix: stored.view)
      isGzip = isCompressed
      if isCompressed {
        try inflate(memberEnd, body)
      } else {
        try take(stored.view, body)
        place += Int64(stored.count)
        // What is not compressed has no members; for an index it is cut as long as members are.
        let lineEnd = place - Int64(text.count)
        if lineEnd - cut >= Int64(Compression.memberSize) {
          try memberEnd(lineEnd)
          cut = lineEnd
        }
      }
      guard text.count <= PartReader.longestLine else {
        throw PartReader.altered(
          file.path, "a line is longer than \(PartReader.longestLine) bytes")
      }
    }
    if isGzip == true { try inflater.finish() } else if cut < place { try memberEnd(place) }
    try file.close()
    guard hasher.finalize() == row.sha256, text.count == 0 else {
      throw PartReader.altered(file.path, "its digest is another")
    }
  }

  private mutating func inflate(
    _ memberEnd: (Int64) throws -> Void, _ body: (ByteView) throws -> Void
  ) throws {
    var at = 0
    while true {
      let before = text.count
      let rest = ByteView(rebasing: stored.view[at...])
      let step = try inflater.inflate(rest, into: &text, limit: PartReader.chunk)
      at += step.consumed
      try handOut(searchedFrom: before, body)
      switch step.state {
      case .memberEnd: try memberEnd(Int64(inflater.consumed))
      case .needsInput: return
      case .outputFull: continue
      }
    }
  }

  private mutating func take(_ piece: ByteView, _ body: (ByteView) throws -> Void) throws {
    let before = text.count
    text.append(piece)
    try handOut(searchedFrom: before, body)
  }

  /// Hands out whole lines; what was searched before holds no line feed.
  private mutating func handOut(
    searchedFrom: Int, _ body: (ByteView) throws -> Void
  ) throws {
    var start = 0
    var searched = searchedFrom
    while let end = text.view.place(of: 0x0A, from: searched) {
      try body(ByteView(rebasing: text.view[start..<end]))
      start = end + 1
      searched = start
    }
    text.removeFirst(start)
  }
}
