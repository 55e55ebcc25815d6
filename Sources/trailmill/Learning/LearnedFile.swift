internal import Bytes
internal import Disk
internal import Pipeline
internal import Terminal

/// Where the rows go that a command has learned: a file, whole or not at all, or standard output.
struct LearnedFile {
  private let file: AtomicFile?
  private let output = OutputBuffer()

  /// A file at `path`, which may not lie in an archive; standard output if there is none.
  init(_ path: String?, _ disk: Disk) throws {
    guard let path else {
      file = nil
      return
    }
    try OutputPlace.check(file: path, disk)
    file = try AtomicFile(disk, path: path)
  }

  /// Writes all rows, which `body` hands over one by one.
  func write(_ body: ((ByteView) throws -> Void) throws -> Void) throws {
    guard let file else {
      try body { try output.append(json: $0) }
      return try output.flush()
    }
    var text = ByteBuffer(capacity: 1 << 16)
    try body { row in
      text.append(row)
      text.append(UInt8(ascii: "\n"))
      guard text.count >= 1 << 16 else { return }
      try file.write(text.view)
      text.removeAll()
    }
    try file.write(text.view)
    try file.commit()
  }
}
