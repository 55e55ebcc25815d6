internal import Bytes

// The index of a commit tells which members of its parts may hold what somebody looks for, so that a search
// decompresses only those. One file for each commit, not for each part: a night has hundreds of parts,
// and a file for each would double what has to be made, synced, renamed and opened.
//
//   blocks       one for each part, in the order in which the parts were finished:
//                  4 bytes   number of members
//                  4 bytes   length of all filters
//                  for each member 48 bytes: offset in the part (8), bytes as stored (4), bytes of text
//                    (4), records (4), where its filter begins among the filters (4), earliest and
//                    latest event in microseconds since 1970 (8 and 8; the earliest is the later of both
//                    if no event has a time), 1 if an event has no time (4), where its filter of blocks of
//                    addresses begins (4)
//                  filters   binary fuse filters (see `BinaryFuseFilter`) of the members' terms (see
//                    `SearchTerm`), with eight bits a fingerprint, and of blocks of addresses with four:
//                    whoever looks for an address asks for two blocks
//   directory    for each part 32 bytes, in their order: number of its commit (8), its number in staging
//                (4), number of members (4), where its block begins (8) and its length (8)
//   footer       number of parts (8), where the directory begins (8), "TMINDEX2"
//   then         hashes of what is before: see `HashedBlocks`
//
// "TMINDEX1" is the same without terms of the keys that events name themselves, as their actor or where the
// dialect has keys, and without blocks of addresses that are written with a port, in brackets or with a zone:
// it rules out nothing by these.
//
// All numbers are little-endian. An index can be made from the parts at any time, and what it says must
// never change what a search finds: so what is read of it counts only if it has the hashes, and the whole the
// root, that the manifest says.

/// A member of a part, as an index knows it.
package struct IndexedMember: BitwiseCopyable, Sendable {
  /// Where it begins in the part.
  package var offset: Int64 = 0
  /// Bytes as stored.
  package var storedCount = 0
  /// Bytes of text.
  package var textCount = 0
  /// Events.
  package var records = 0
  /// The earliest event, in microseconds since 1970; later than the latest if none has a time.
  package var earliest = Int64.max
  /// The latest.
  package var latest = Int64.min
  /// True if an event has no time.
  package var hasTimeless = false
}

/// Collects what the index has to say about a part that is being written.
struct PartIndexBuilder: ~Copyable {
  static let entrySize = 48

  private var entries = ByteBuffer(capacity: 16)
  /// All filters so far, and the terms of the open member and those of blocks: of many open parts they are
  /// too much for memory.
  private var filters = SpillableBytes()
  private var terms = SpillableBytes()
  private var blocks = SpillableBytes()
  private var count = 0
  private var member = IndexedMember()

  /// Takes terms of the open member.
  mutating func add(
    _ new: UnsafeBufferPointer<UInt64>, blocks newBlocks: UnsafeBufferPointer<UInt64>
  ) {
    new.withMemoryRebound(to: UInt8.self) { terms.append($0) }
    newBlocks.withMemoryRebound(to: UInt8.self) { blocks.append($0) }
  }

  /// Takes terms and times of lines, all that the collector has.
  mutating func take(_ collector: inout TermCollector) {
    add(
      UnsafeBufferPointer(collector.distinct.terms.elements),
      blocks: UnsafeBufferPointer(collector.distinct.blocks.elements))
    cover(collector.times)
    collector.removeAll()
  }

  /// Bytes of memory that can be spilled.
  var spillableCount: Int { filters.memoryCount + terms.memoryCount + blocks.memoryCount }

  /// Moves to a file what can wait there.
  mutating func spill(to file: SpillFile) throws {
    try filters.spill(to: file)
    try terms.spill(to: file)
    try blocks.spill(to: file)
  }

  /// Takes note of more text in the open member.
  mutating func count(text: Int, records: Int) {
    member.textCount += text
    member.records += records
  }

  /// Takes note of the times of events in the open member.
  mutating func cover(_ times: EventTimes) {
    member.earliest = min(member.earliest, times.earliest)
    member.latest = max(member.latest, times.latest)
    member.hasTimeless = member.hasTimeless || times.hasTimeless
  }

  /// Ends the open member, which ends at `end` in the part. `file` is that which was spilled to, if there is
  /// one.
  mutating func endMember(at end: Int64, _ file: SpillFile? = nil) throws {
    member.storedCount = Int(end - member.offset)
    let filter = try PartIndexBuilder.move(&terms, .eight, to: &filters, file)
    let blocksFilter = try PartIndexBuilder.move(&blocks, .four, to: &filters, file)
    append(member, filter: filter, blocks: blocksFilter)
    count += 1
    member = IndexedMember()
    member.offset = end
  }

  /// Makes a filter of terms, and returns where among `filters` it begins. Without one nothing is ruled
  /// out: a reader takes what is no filter for a perhaps.
  private static func move(
    _ terms: inout SpillableBytes, _ kind: BinaryFuseFilter.Fingerprint,
    to filters: inout SpillableBytes, _ file: SpillFile?
  ) throws -> Int {
    let start = filters.count
    var bytes = ByteBuffer(capacity: terms.count)
    var scratch = ByteBuffer(capacity: 16)
    try terms.take(into: &bytes, from: file, scratch: &scratch)
    let all = UnsafeMutableRawBufferPointer(start: bytes.base, count: bytes.count)
      .bindMemory(to: UInt64.self)
    var filter = ByteBuffer(capacity: 16)
    let isMade = BinaryFuseFilter.append(unique(all), kind, to: &filter)
    filters.append(filter.view)
    return isMade ? start : Int(UInt32.max)
  }

  /// Random for each process: without it somebody could choose events whose terms all collide in the table.
  /// The output does not depend on it: terms keep their order.
  private static let secret = UInt64.random(in: 0...UInt64.max) | 1

  /// Moves terms that are new to the front, and returns those. Sorting them would cost ten times as much.
  private static func unique(
    _ terms: UnsafeMutableBufferPointer<UInt64>
  ) -> UnsafeBufferPointer<UInt64> {
    let bits = Int.bitWidth - max(terms.count, 1).leadingZeroBitCount + 1
    var table = FlatArray<UInt64>(capacity: 1 << bits)
    table.append(repeating: 0, count: 1 << bits)
    var used = 0
    var hasZero = false
    for term in terms {
      if term == 0 {
        if hasZero { continue }
        hasZero = true
      } else {
        var place = Int((term &* secret) >> UInt64(64 - bits))
        while table[place] != 0 && table[place] != term { place = (place + 1) & ((1 << bits) - 1) }
        if table[place] == term { continue }
        table[place] = term
      }
      terms[used] = term
      used += 1
    }
    return UnsafeBufferPointer(
      rebasing: terms[..<min(used, BinaryFuseFilter.mostKeys)])
  }

  private mutating func append(_ member: IndexedMember, filter: Int, blocks: Int) {
    entries.append(little: UInt64(bitPattern: member.offset))
    entries.append(little: UInt32(clamping: member.storedCount))
    entries.append(little: UInt32(clamping: member.textCount))
    entries.append(little: UInt32(clamping: member.records))
    entries.append(little: UInt32(clamping: filter))
    entries.append(little: UInt64(bitPattern: member.earliest))
    entries.append(little: UInt64(bitPattern: member.latest))
    entries.append(little: UInt32(member.hasTimeless ? 1 : 0))
    entries.append(little: UInt32(clamping: blocks))
  }

  /// The part's block. Nothing may be added after that.
  mutating func appendBlock(to block: inout ByteBuffer, _ file: SpillFile? = nil) throws {
    block.append(little: UInt32(count))
    block.append(little: UInt32(clamping: filters.count))
    block.append(entries.view)
    var scratch = ByteBuffer(capacity: 16)
    try filters.take(into: &block, from: file, scratch: &scratch)
  }

  /// Members so far.
  var members: Int { count }
}

extension ByteBuffer {
  /// Appends a number, its lowest byte first.
  mutating func append<Number: FixedWidthInteger>(little number: Number) {
    withUnsafeBytes(of: number.littleEndian) { append($0.bindMemory(to: UInt8.self)) }
  }
}
