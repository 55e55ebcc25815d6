internal import Bytes
internal import Disk
internal import History
internal import Trail

// The digests of the deliveries that a run writes go to a file without a name as they come, each with the day
// of its event:
//
//   bytes 0..<32   the digest
//        32..<40   the number of the day, as the machine writes numbers; `unknownDay` if it says nothing
//
// At the end they are divided and sorted there, by way of the system's page cache.

/// What a run writes, in the order of its records.
struct DigestJournal: ~Copyable {
  /// One digest and its day.
  typealias Entry = (UInt64, UInt64, UInt64, UInt64, Int64)
  static let entrySize = 40
  private static let chunk = 1 << 20
  /// Stands for a digest that says nothing of a day: more than any number of one.
  private static let unknownDay = Int64.max

  private let disk: Disk
  private let path: String
  private var file: File?
  private var buffer = ByteBuffer(capacity: 16)
  /// How many there are.
  private(set) var count = 0

  /// An empty journal. Its file is made at `path` for a moment.
  init(_ disk: Disk, _ path: String) {
    self.disk = disk
    self.path = path
  }

  mutating func append(_ digest: Digest256, _ day: EventDay?) throws(DiskError) {
    digest.withBytes { buffer.append($0) }
    withUnsafeBytes(of: day.map { Int64($0.number) } ?? DigestJournal.unknownDay) {
      buffer.append($0.bindMemory(to: UInt8.self))
    }
    count += 1
    if buffer.count >= DigestJournal.chunk { try flush() }
  }

  private mutating func flush() throws(DiskError) {
    if file == nil { file = try disk.createNameless(path) }
    try file?.write(all: buffer.view)
    buffer.removeAll()
  }

  /// Entries that go to one file: those of one day, or those that are left.
  struct Share {
    let group: DigestSharing.Group
    let days: EventDays?
    /// Sorted by their digests.
    let entries: UnsafeBufferPointer<Entry>
  }

  /// Calls `body` with the shares, the mixed one first and the others by their days, and forgets everything.
  mutating func divide(_ sharing: DigestSharing, _ body: ([Share]) throws -> Void) throws {
    guard count > 0 else { return }
    try flush()
    guard let file else { return }
    let memory = try MappedFile(file, writable: true)
    guard let base = memory.mutableBytes.baseAddress else { return }
    try UnsafeMutableRawPointer(base).withMemoryRebound(to: Entry.self, capacity: count) {
      try body(
        DigestJournal.shares(UnsafeMutableBufferPointer(start: $0, count: count), sharing))
    }
    (self.file, count) = (nil, 0)
    try file.close()
  }

  private static func shares(
    _ entries: UnsafeMutableBufferPointer<Entry>, _ sharing: DigestSharing
  ) -> [Share] {
    var counts: [Int64: Int] = [:]
    var start = 0
    // Days come in runs.
    while start < entries.count {
      let day = entries[start].4
      var end = start + 1
      while end < entries.count, entries[end].4 == day { end += 1 }
      counts[day, default: 0] += end - start
      start = end
    }
    let many = counts.filter {
      sharing.rule != nil && $0.key != unknownDay && $0.value > sharing.mixed
    }
    .keys.sorted()
    let numbers = Dictionary(uniqueKeysWithValues: many.enumerated().map { ($1, $0 + 1) })
    let ends = DigestSort.partition(entries, into: many.count + 1) { numbers[$0.4] ?? 0 }
    var shares: [Share] = []
    for number in 0...many.count where ends[number + 1] > ends[number] {
      let own = UnsafeMutableBufferPointer(rebasing: entries[ends[number]..<ends[number + 1]])
      DigestSort.sort(own)
      let days = number > 0 ? [many[number - 1]] : counts.keys.filter { numbers[$0] == nil }
      let known = sharing.rule.flatMap { days.contains(unknownDay) ? nil : $0 }.flatMap {
        EventDays(days.compactMap { EventDay(number: Int32(clamping: $0)) }, rule: $0)
      }
      let day = number > 0 ? EventDay(number: Int32(clamping: many[number - 1])) : nil
      shares.append(
        Share(
          group: day.map { .day($0) } ?? .mixed, days: sharing.days([known]),
          entries: UnsafeBufferPointer(own)))
    }
    return shares
  }
}
