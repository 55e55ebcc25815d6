internal import History
internal import Bytes
internal import Disk

/// A run of text in the spill file. Of each partition only the last one is known in memory: every
/// extent begins with the place of the one before.
struct Extent: BitwiseCopyable {
  /// Where its header begins.
  var offset: Int64 = -1
  /// Bytes of text behind the header.
  var count = 0

  var isNone: Bool { offset < 0 }
}

/// Where text waits that memory has no room for: one file whatever the number of partitions.
///
/// It has no name from the moment it is open, so nothing is left of it however the process ends.
/// It only grows: at the end of a run it has taken as much disk as text was ever put aside, plus 16
/// bytes an extent.
///
/// Unchecked: written by one thread at a time, in the order of the run. Reading is positional, and
/// whoever has an extent got it after the file was opened and the extent written.
final class SpillFile: @unchecked Sendable {
  private static let headerSize = 16
  /// Text is gathered here into writes of some 1 MiB.
  private static let stagingSize = 1 << 20

  private let disk: Disk
  private let path: String
  private var file: File?
  private var staging = ByteBuffer(capacity: 16)
  /// Offset in the file of the first byte of `staging`.
  private var written: Int64 = 0

  /// A file that will be made at `path` when it is needed first, and unlinked at once.
  init(_ disk: Disk, path: String) {
    self.disk = disk
    self.path = path
  }

  /// Bytes put aside so far.
  var size: Int64 { written + Int64(staging.count) }

  /// Begins an extent of `count` bytes, to be added piece by piece, that follows `previous`.
  func begin(after previous: Extent, count: Int) throws -> Extent {
    if staging.count >= SpillFile.stagingSize { try flush() }
    staging.reserve(SpillFile.stagingSize)
    let extent = Extent(offset: size, count: count)
    append(number: UInt64(bitPattern: previous.offset))
    append(number: UInt64(previous.count))
    return extent
  }

  /// Adds text to the extent that was begun last.
  func add(_ text: ByteView) throws {
    guard text.count < SpillFile.stagingSize else {
      try flush()
      try opened().pwrite(all: text, at: written)
      written += Int64(text.count)
      return
    }
    staging.append(text)
  }

  /// Writes what has been gathered. Extents can be read only after that.
  func flush() throws {
    guard staging.count > 0 else { return }
    try opened().pwrite(all: staging.view, at: written)
    written += Int64(staging.count)
    staging.removeAll()
  }

  /// Gives the disk back, after the last extent was read. What is still open would be written out
  /// when the parts are forced to the medium.
  func close() throws {
    try file?.close()
    file = nil
  }

  private func opened() throws -> File {
    if let file { return file }
    let new = try disk.createNameless(path)
    file = new
    return new
  }

  private func append(number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { staging.append($0.bindMemory(to: UInt8.self)) }
  }

  /// Copies the last `total` bytes of the text of `last` and the extents before it to what ends at
  /// `end`; overwrites `scratch`.
  func read(
    endingWith last: Extent, total: Int, to end: UnsafeMutablePointer<UInt8>,
    scratch: inout ByteBuffer
  ) throws {
    var extent = last
    var left = total
    while left > 0 {
      precondition(!extent.isNone, "an extent too few in a chain")
      let size = SpillFile.headerSize + extent.count
      scratch.removeAll()
      guard let file, try file.pread(into: &scratch, upTo: size, at: extent.offset) == size else {
        throw ArchiveError(
          .fault, "cannot read back what was put aside: \(path): the file is too short: run again")
      }
      let count = min(left, extent.count)
      (end - (total - left) - count).update(from: scratch.base + (size - count), count: count)
      left -= count
      extent = previous(in: scratch)
    }
  }

  private func previous(in header: borrowing ByteBuffer) -> Extent {
    let start = UnsafeRawPointer(header.base)
    let offset = UInt64(littleEndian: start.loadUnaligned(as: UInt64.self))
    let count = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    return Extent(
      offset: Int64(bitPattern: offset), count: Int(truncatingIfNeeded: count))
  }
}
