internal import Bytes
internal import Codec
internal import Crypto
internal import Disk
internal import History

/// A look at a whole part in little memory: is it the one that was committed, and how long are its lines?
struct PartExamination {
  /// Bytes that are read, and unpacked, at a time.
  private static let step = 256 << 10

  /// Bytes of the longest line.
  private(set) var longestLine = 0

  /// Goes through an open part, whose position it leaves. Throws, with the kind `damaged`, if the part is not
  /// what its row says, or a line is longer than `limit`.
  init(_ file: File, _ row: ManifestRow, longestLine limit: Int) throws {
    var decoder = try MemberDecoder()
    var stored = ByteBuffer(capacity: PartExamination.step)
    var text = ByteBuffer(capacity: PartExamination.step)
    var line = 0
    var offset: Int64 = 0
    // What it holds may be a thousand times as long.
    guard try PartExamination.digest(file) == row.sha256 else {
      throw PartLines.altered(file.path, "its digest is another")
    }
    while true {
      stored.removeAll()
      guard try file.pread(into: &stored, upTo: PartExamination.step, at: offset) > 0 else { break }
      if offset == 0 { try decoder.begin(.recognized(in: stored.view)) }
      offset += Int64(stored.count)
      var at = 0
      var state = Inflater.State.outputFull
      while state != .needsInput {
        text.removeAll()
        let rest = ByteView(rebasing: stored.view[at...])
        let done = try decoder.decode(rest, into: &text, limit: PartExamination.step)
        at += done.consumed
        state = done.state
        measure(text.view, &line)
        guard longestLine <= limit else {
          throw PartLines.altered(file.path, "a line is longer than \(limit) bytes")
        }
      }
    }
  }

  private static func digest(_ file: File) throws -> Digest256 {
    var hasher = SHA256Hasher()
    var stored = ByteBuffer(capacity: step)
    var offset: Int64 = 0
    while try file.pread(into: &stored, upTo: step, at: offset) > 0 {
      hasher.update(stored.view)
      offset += Int64(stored.count)
      stored.removeAll()
    }
    return hasher.finalize()
  }

  /// Takes a piece of text in, behind a line that is open and has `line` bytes so far.
  private mutating func measure(_ text: ByteView, _ line: inout Int) {
    var start = 0
    while let end = text.place(of: UInt8(ascii: "\n"), from: start) {
      longestLine = max(longestLine, line + end - start)
      line = 0
      start = end + 1
    }
    line += text.count - start
    longestLine = max(longestLine, line)
  }
}
