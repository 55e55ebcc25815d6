internal import Bytes
internal import Codec
internal import Disk

/// Reads the lines of published parts.
struct PartReader: ~Copyable {
  private static let chunk = 256 << 10
  /// Longest line, in bytes: no run writes one that is longer than `max_record` can be and what is added to
  /// it.
  private static let longestLine = 512 << 20

  private let disk: Disk
  private var inflater: Inflater
  private var stored = ByteBuffer(capacity: PartReader.chunk)
  private var text = ByteBuffer(capacity: PartReader.chunk)

  init(_ disk: Disk) throws(CodecError) {
    self.disk = disk
    inflater = try Inflater()
  }

  /// Calls `body` with each line of a part, gzip or plain, without its line feed. Throws if the file is
  /// not the one that its row speaks of: what was altered is not to be read as if it were evidence.
  mutating func forEachLine(
    _ path: String, _ row: ManifestRow, _ body: (ByteView) throws -> Void
  ) throws {
    do { try read(path, row, body) } catch let error as CodecError {
      throw PartReader.altered(path, error.message)
    }
  }

  private static func altered(_ path: String, _ how: String) -> ArchiveError {
    ArchiveError(
      .damaged, "a part is not the one that was committed (\(how)): \(path): run `trailmill verify`"
    )
  }

  private mutating func read(
    _ path: String, _ row: ManifestRow, _ body: (ByteView) throws -> Void
  ) throws {
    let file = try disk.open(path)
    var hasher = SHA256Hasher()
    inflater.reset()
    text.removeAll()
    var isGzip: Bool?
    while true {
      stored.removeAll()
      guard try file.read(into: &stored, upTo: PartReader.chunk) > 0 else { break }
      hasher.update(stored.view)
      let compressed = isGzip ?? Inflater.isGzip(prefix: stored.view)
      isGzip = compressed
      if compressed { try inflate(body) } else { try take(stored.view, body) }
      guard text.count <= PartReader.longestLine else {
        throw PartReader.altered(path, "a line is longer than \(PartReader.longestLine) bytes")
      }
    }
    if isGzip == true { try inflater.finish() }
    try file.close()
    guard hasher.finalize() == row.sha256, text.count == 0 else {
      throw PartReader.altered(path, "its digest is another")
    }
  }

  private mutating func inflate(_ body: (ByteView) throws -> Void) throws {
    var at = 0
    while true {
      let before = text.count
      let rest = ByteView(rebasing: stored.view[at...])
      let step = try inflater.inflate(rest, into: &text, limit: PartReader.chunk)
      at += step.consumed
      try handOut(searchedFrom: before, body)
      if step.state == .needsInput { return }
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
    while let end = text.view[searched...].firstIndex(of: UInt8(ascii: "\n")) {
      try body(ByteView(rebasing: text.view[start..<end]))
      start = end + 1
      searched = start
    }
    text.removeFirst(start)
  }
}
