internal import Bytes
internal import Disk

// Events of many parts, given out in the order of time, in bounded memory.
//
// What was found in one piece of a part is a run: sorted, in memory. A heap holds the next event of
// every run. Pieces are looked at in the order of their earliest events; so when the next piece begins
// at a certain time, everything before that can be given out, and with partitions by time little has to
// wait. Where pieces overlap so much that more than a bound has to wait, it is moved to a temporary
// file, as one run; the file has no name any more and is gone with the process. When there are many such
// files they become one of the next level, and many of those one of the level above: so an event is moved a
// few times, however many there are (O'Neil, Cheng, Gawlick, O'Neil, "The log-structured merge-tree", 1996).

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
private protocol EventRun: AnyObject {
  /// The key of the next one; nil at the end.
  var key: EventKey? { get }
  /// Bytes of memory that it holds until its end.
  var size: Int { get }
  /// Gives out the next one, and goes on.
  func take(_ body: (ByteView) throws -> Void) throws
}

/// What was found in one piece of a part. A piece can be a whole part: beyond a bound it waits in files.
final class PieceAnswers {
  /// Files of a level, few, since several pieces have theirs open at a time.
  private static let mostFiles = 8

  private let disk: Disk
  private let folder: String
  /// Bytes that wait in memory at most, roughly.
  private let bound: Int
  private var found = FoundEvents()
  private var order: TimeOrder?
  fileprivate private(set) var runs: [any EventRun] = []

  init(_ disk: Disk, temporaryFolder: String, bound: Int = 8 << 20) {
    self.disk = disk
    folder = temporaryFolder
    self.bound = bound
  }

  func append(_ line: ByteView, _ key: EventKey) throws {
    found.append(line, key)
    if found.size > bound { try spill() }
  }

  private func spill() throws {
    let order =
      order
      ?? TimeOrder(
        disk, temporaryFolder: folder, bound: 0, mostFiles: PieceAnswers.mostFiles)
    self.order = order
    found.sort()
    try order.add(found)
    found = FoundEvents()
  }

  /// Nothing more will be found.
  func finish() {
    found.sort()
    runs = (order?.takeRuns() ?? []) + (found.count > 0 ? [found] : [])
    order = nil
  }
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
private final class SpilledRun: EventRun {
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

/// Why a search ended early.
public struct SearchError: Error, CustomStringConvertible {
  /// What is wrong, and what to do.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Puts events of many pieces in the order of time.
final class TimeOrder {
  /// Files of a level that become one of the next.
  private let mostFiles: Int
  /// Bytes that wait in memory at most, roughly: 64 MiB.
  private let bound: Int
  private let disk: Disk
  private let folder: String
  /// A heap by the keys of the runs.
  private var heap: [any EventRun] = []
  private var size = 0
  private var spilled = 0

  init(_ disk: Disk, temporaryFolder: String, bound: Int = 64 << 20, mostFiles: Int = 64) {
    self.disk = disk
    folder = temporaryFolder
    self.bound = bound
    self.mostFiles = mostFiles
  }

  /// Adds what was found in a piece.
  func add(_ answers: PieceAnswers) throws { try add(answers.runs) }

  /// Adds events that are sorted.
  func add(_ found: FoundEvents) throws { try add([found]) }

  private func add(_ runs: [any EventRun]) throws {
    for run in runs where run.key != nil {
      size += run.size
      push(run)
    }
    if size > bound { try spill() }
    try mergeFiles()
  }

  /// Gives out all events before `time`, or all that are left if nothing comes any more, in their order,
  /// with the numbers of their parts, until `body` returns false; whether it never did.
  func giveOut(
    before time: Int64, isLast: Bool, _ body: (ByteView, Int) throws -> Bool
  ) throws -> Bool {
    while let run = heap.first, let key = run.key, key.time < time || isLast {
      var goesOn = true
      try run.take { goesOn = try body($0, Int(key.part)) }
      if run.key == nil { size -= run.size }
      replaceFirst()
      if !goesOn { return false }
    }
    return true
  }

  fileprivate func takeRuns() -> [any EventRun] {
    defer { heap = [] }
    return heap
  }

  /// Moves what waits in memory to a file, as one run of the lowest level.
  private func spill() throws {
    try merge(to: 0) { !($0 is SpilledRun) }
    size = 0
  }

  private func mergeFiles() throws {
    var level = 0
    while heap.count(where: { ($0 as? SpilledRun)?.level == level }) >= mostFiles {
      try merge(to: level + 1) { ($0 as? SpilledRun)?.level == level }
      level += 1
    }
  }

  /// Makes one run of some.
  private func merge(to level: Int, _ isChosen: (any EventRun) -> Bool) throws {
    let others = heap.filter { !isChosen($0) }
    heap = heap.filter(isChosen)
    rebuild()
    let run = try merged(level)
    heap = others
    rebuild()
    push(run)
  }

  /// All runs of the heap, as one in a file that has no name any more.
  private func merged(_ level: Int) throws -> SpilledRun {
    spilled += 1
    let file = try temporaryFile()
    var buffer = ByteBuffer(capacity: 1 << 20)
    var written: Int64 = 0
    while let run = heap.first, let key = run.key {
      try run.take { SpilledRun.append($0, key, to: &buffer) }
      replaceFirst()
      guard buffer.count >= 1 << 20 else { continue }
      try file.write(all: buffer.view)
      written += Int64(buffer.count)
      buffer.removeAll()
    }
    try file.write(all: buffer.view)
    return try SpilledRun(file, size: written + Int64(buffer.count), level: level)
  }

  private func temporaryFile() throws -> File {
    let path = "\(folder)/trailmill-search-\(spilled)-\(UInt64.random(in: 0...UInt64.max))"
    do {
      let file = try disk.createExclusive(path, mode: 0o600)
      try disk.remove(path)
      return file
    } catch {
      throw SearchError(
        "more was found than is put in order in memory, and it cannot wait in a file: \(error): set TMPDIR "
          + "to a folder with room, or ask for less")
    }
  }

  // MARK: The heap

  private func precedes(_ left: any EventRun, _ right: any EventRun) -> Bool {
    guard let left = left.key, let right = right.key else { return left.key != nil }
    return left < right
  }

  private func rebuild() {
    let runs = heap
    heap = []
    for run in runs { push(run) }
  }

  private func push(_ run: any EventRun) {
    heap.append(run)
    var at = heap.count - 1
    while at > 0, precedes(heap[at], heap[(at - 1) / 2]) {
      heap.swapAt(at, (at - 1) / 2)
      at = (at - 1) / 2
    }
  }

  /// Puts the first run where it belongs by now, or takes it out if it has ended.
  private func replaceFirst() {
    guard let first = heap.first else { return }
    if first.key == nil {
      let last = heap.removeLast()
      guard !heap.isEmpty else { return }
      heap[0] = last
    }
    var at = 0
    while true {
      var least = at
      for child in [2 * at + 1, 2 * at + 2] where child < heap.count {
        if precedes(heap[child], heap[least]) { least = child }
      }
      guard least != at else { return }
      heap.swapAt(at, least)
      at = least
    }
  }
}
