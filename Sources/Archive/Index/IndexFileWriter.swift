internal import History
internal import Bytes
internal import Disk

/// Writes the index of a commit, part by part.
struct IndexFileWriter: ~Copyable {
  static let magic: [UInt8] = Array("TMINDEX2".utf8)
  /// Of files without terms of the keys that events name themselves, and without blocks of addresses that are
  /// written with a port, in brackets or with a zone.
  static let firstMagic: [UInt8] = Array("TMINDEX1".utf8)
  static let directoryEntrySize = 32
  static let footerSize = 24

  private struct Entry {
    var sequence: Int
    var number: Int
    var members: Int
    var offset: Int
    var length: Int
  }

  private var writer: StagedFileWriter
  private var entries: [Entry] = []
  private var members = 0

  /// A writer to an empty file.
  init(_ file: File) { writer = StagedFileWriter(file, isReadInPlaces: true) }

  /// Adds the block of a part, by the number of its commit and its number in staging.
  mutating func append(
    _ block: ByteView, members: Int, sequence: Int, number: Int
  ) throws {
    entries.append(
      Entry(
        sequence: sequence, number: number, members: members, offset: writer.count,
        length: block.count))
    self.members += members
    writer.buffer.append(block)
    try writer.flushIfLarge()
  }

  /// Writes directory and footer, and closes the file.
  mutating func finish() throws -> StagedFile {
    let directory = writer.count
    for entry in entries.sorted(by: { ($0.sequence, $0.number) < ($1.sequence, $1.number) }) {
      writer.buffer.append(little: UInt64(entry.sequence))
      writer.buffer.append(little: UInt32(clamping: entry.number))
      writer.buffer.append(little: UInt32(clamping: entry.members))
      writer.buffer.append(little: UInt64(entry.offset))
      writer.buffer.append(little: UInt64(entry.length))
    }
    writer.buffer.append(little: UInt64(entries.count))
    writer.buffer.append(little: UInt64(directory))
    writer.buffer.append(IndexFileWriter.magic)
    return try writer.finish(records: members)
  }
}
