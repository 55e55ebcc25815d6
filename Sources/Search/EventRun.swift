internal import Bytes
internal import Disk

/// Where an event stands in the order: by its time, then by its place in the archive.
struct EventKey: Comparable, BitwiseCopyable {
  /// Microseconds since 1970; the largest number for an event without a time, which comes last.
  var time: Int64
  /// The number of its part, in the order of paths.
  var part: Int32
  /// The number of its line there.
  var line: Int64

  static func < (left: EventKey, right: EventKey) -> Bool {
    (left.time, left.part, left.line) < (right.time, right.part, right.line)
  }
}

/// Sorted events.
protocol EventRun: AnyObject {
  /// The key of the next one; nil at the end.
  var key: EventKey? { get }
  /// Bytes of memory that it holds until its end.
  var size: Int { get }
  /// Gives out the next one, and goes on.
  func take(_ body: (ByteView) throws -> Void) throws
}

/// Events that were found, in memory.
final class FoundEvents: EventRun {
  private struct Place {
    var key: EventKey
    var start: Int
    var count: Int
  }

  private var text = ByteBuffer(capacity: 16)
  private var places: [Place] = []
  private var next = 0
  /// Bytes held.
  var size: Int { text.count + places.count * MemoryLayout<Place>.stride }
  var count: Int { places.count }

  func append(_ line: ByteView, _ key: EventKey) {
    places.append(Place(key: key, start: text.count, count: line.count))
    text.append(line)
  }

  func sort() { places.sort { $0.key < $1.key } }

  var key: EventKey? { next < places.count ? places[next].key : nil }

  func take(_ body: (ByteView) throws -> Void) throws {
    let place = places[next]
    next += 1
    try body(ByteView(rebasing: text.view[place.start..<place.start + place.count]))
  }
}

/// A run in a file.
final class SpilledRun: EventRun {
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
    withUnsafeBytes(of: key.time) { buffer.append($0.bindMemory(to: UInt8.self)) }
    withUnsafeBytes(of: Int64(key.part)) { buffer.append($0.bindMemory(to: UInt8.self)) }
    withUnsafeBytes(of: key.line) { buffer.append($0.bindMemory(to: UInt8.self)) }
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
    guard try need(SpilledRun.headSize) else {
      key = nil
      return
    }
    let raw = UnsafeRawBufferPointer(buffer.view)
    key = EventKey(
      time: raw.loadUnaligned(fromByteOffset: at, as: Int64.self),
      part: Int32(clamping: raw.loadUnaligned(fromByteOffset: at + 8, as: Int64.self)),
      line: raw.loadUnaligned(fromByteOffset: at + 16, as: Int64.self))
    length = Int(raw.loadUnaligned(fromByteOffset: at + 24, as: UInt32.self))
    at += SpilledRun.headSize
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
