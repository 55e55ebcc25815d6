internal import Bytes
internal import Disk

/// Sorted answers in a temporary file.
final class AnswersInFile: SortedAnswers {
  private static let headSize = 28
  private let file: File
  private var offset: Int64 = 0
  private let end: Int64
  /// How often its events were moved from file to file.
  let level: Int
  private var buffer = ByteBuffer(capacity: 64 << 10)
  private var at = 0
  private(set) var key: EventKey?
  private var length = 0
  var size: Int { 0 }

  init(_ file: File, size: Int64, level: Int) throws {
    self.file = file
    end = size
    self.level = level
    try readHead()
  }

  static func append(_ line: ByteView, _ key: EventKey, to buffer: inout ByteBuffer) {
    withUnsafeBytes(of: key.rank) { buffer.append($0.bindMemory(to: UInt8.self)) }
    withUnsafeBytes(of: Int64(key.rankedPart)) { buffer.append($0.bindMemory(to: UInt8.self)) }
    withUnsafeBytes(of: key.rankedLine) { buffer.append($0.bindMemory(to: UInt8.self)) }
    withUnsafeBytes(of: UInt32(line.count)) { buffer.append($0.bindMemory(to: UInt8.self)) }
    buffer.append(line)
  }

  private func need(_ count: Int) throws -> Bool {
    guard buffer.count - at < count else { return true }
    buffer.removeFirst(at)
    at = 0
    while buffer.count < count, offset < end {
      let wanted = Int(min(end - offset, Int64(max(64 << 10, count - buffer.count))))
      let read = try file.pread(into: &buffer, upTo: wanted, at: offset)
      if read == 0 { break }
      offset += Int64(read)
    }
    return buffer.count >= count
  }

  private func readHead() throws {
    guard try need(AnswersInFile.headSize) else {
      key = nil
      return
    }
    let raw = UnsafeRawBufferPointer(buffer.view)
    key = EventKey(
      rank: raw.loadUnaligned(fromByteOffset: at, as: Int64.self),
      rankedPart: Int32(clamping: raw.loadUnaligned(fromByteOffset: at + 8, as: Int64.self)),
      rankedLine: raw.loadUnaligned(fromByteOffset: at + 16, as: Int64.self))
    length = Int(raw.loadUnaligned(fromByteOffset: at + 24, as: UInt32.self))
    at += AnswersInFile.headSize
  }

  func take(_ body: (ByteView) throws -> Void) throws {
    guard try need(length) else {
      key = nil
      return
    }
    try body(ByteView(rebasing: buffer.view[at..<at + length]))
    at += length
    try readHead()
  }
}
