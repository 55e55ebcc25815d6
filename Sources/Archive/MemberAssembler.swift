internal import Bytes
internal import Engine

// Lines come in the order of the input, each for one partition; members go out. A member ends at the
// first line end at or past 1 MiB of its partition's text, so its bounds depend on that text alone:
// not on batches, threads or memory. What varies is only where the text waits. It waits in chunks of
// a fixed piece of memory; when that is full, a quarter of it is moved to the spill file in one pass,
// partition by partition in turn, so that extents are as long as memory allows and no more text than
// needed is written and read again. What then still finds no room, because other workers are busy
// with all of it, goes to the file directly.
//
// Chunks of members that were handed out come back with the next call of the worker that had them:
// everything here happens in the order of the run, and nothing needs a lock.

/// One member of one partition: text that will be compressed as a whole.
struct Member: BitwiseCopyable {
  /// The partition's number.
  var partition = 0
  /// True if the partition has no text after it.
  var isLast = false
  /// The text's beginning, if it had to leave memory.
  var spilled = Extent()
  /// Bytes of it in the spill file.
  var spilledCount = 0
  /// The rest of the text.
  var chain = ChunkChain()
  /// Lines.
  var records = 0
  /// The earliest and latest time of the records that have one, in microseconds since 1970; the
  /// earliest is the later of both if none has.
  var earliest = Int64.max
  var latest = Int64.min

  /// Bytes of text.
  var count: Int { spilledCount + chain.count }
}

/// What one worker carries between its batch and the assembler.
struct MemberShare: ~Copyable {
  /// Members to encode and write, in this order.
  var members = FlatArray<Member>(capacity: 64)
  /// For each of them its partition's key, in `keyText`.
  var keys = FlatArray<Span32>(capacity: 64)
  var keyText = ByteBuffer(capacity: 4096)

  /// The key of member `index`'s partition.
  func key(of index: Int) -> ByteView { keyText[keys[index]] }
}

/// Makes members of lines.
struct MemberAssembler: ~Copyable {
  /// A member ends at the first line end at or past this many bytes: 1 MiB.
  static let memberSize = 1 << 20
  /// Text that is handed out with one batch where more waits; a batch that brought more takes more.
  private static let shareSize = 4 << 20

  /// Where text waits that memory has no room for.
  let spill: SpillFile
  private var pool: ChunkPool
  private var table = PartitionTable()
  /// For each partition its open member.
  private var open = FlatArray<Member>(capacity: 64)
  /// Members that are complete and wait to be handed out, from `firstWaiting` on.
  private var waiting = FlatArray<Member>(capacity: 64)
  private var firstWaiting = 0
  /// The partition whose turn it is to leave memory.
  private var nextToSpill = 0
  /// Once draining, the partitions in the order of their keys, and how far it has come.
  private var order: [UInt32]?
  private var drained = 0

  /// At most `memoryBound` bytes of text wait in memory.
  init(memoryBound: Int, spill: SpillFile) {
    pool = ChunkPool(bytes: memoryBound)
    self.spill = spill
  }

  /// Where chunks lie.
  var memory: ChunkMemory { pool.memory }

  /// Partitions so far.
  var partitions: Int { table.count }

  /// Takes the lines of a batch, and gives members for it to encode.
  mutating func admit(_ lines: borrowing RenderedLines, _ share: inout MemberShare) throws {
    recycle(&share)
    var key: Span32?
    var partition = 0
    for line in lines.lines.elements {
      if line.key != key {
        partition = number(of: lines.keys[line.key], hash: line.hash)
        key = line.key
      }
      try append(lines.text.base + Int(line.start), Int(line.count), to: partition)
      endLine(partition, line.time)
    }
    handOut(atLeast: max(MemberAssembler.shareSize, 2 * lines.text.count), &share)
  }

  private mutating func number(of key: ByteView, hash: UInt32) -> Int {
    let number = table.number(of: key, hash: hash)
    if number == open.count { open.append(Member(partition: number)) }
    return number
  }

  /// Counts the line that was appended last, and ends the member if it is long enough.
  @inline(__always) private mutating func endLine(_ partition: Int, _ time: Int64) {
    let member = open.elements.baseAddress.unsafelyUnwrapped + partition
    member.pointee.records += 1
    if time != Record.noTime {
      member.pointee.earliest = min(member.pointee.earliest, time)
      member.pointee.latest = max(member.pointee.latest, time)
    }
    if member.pointee.count >= MemberAssembler.memberSize {
      waiting.append(member.pointee)
      member.pointee = Member(partition: partition)
    }
  }

  @inline(__always) private mutating func append(
    _ text: UnsafePointer<UInt8>, _ count: Int, to partition: Int
  ) throws {
    let chain = open[partition].chain
    if count <= ChunkMemory.chunkSize - chain.fill {
      (pool.memory.bytes(of: chain.last) + chain.fill).update(from: text, count: count)
      open[partition].chain.fill = chain.fill + count
    } else {
      try appendBeyondChunk(ByteView(start: text, count: count), to: partition)
    }
  }

  private mutating func appendBeyondChunk(_ text: ByteView, to partition: Int) throws {
    var rest = text
    while let from = rest.baseAddress, rest.count > 0 {
      var chain = open[partition].chain
      let count = min(rest.count, ChunkMemory.chunkSize - chain.fill)
      if count > 0 {
        (pool.memory.bytes(of: chain.last) + chain.fill).update(from: from, count: count)
        chain.fill += count
        rest = ByteView(rebasing: rest[count...])
      } else if !pool.extend(&chain) {
        try makeRoom()
        chain = open[partition].chain
        guard pool.extend(&chain) else { return try spillRest(rest, of: partition) }
      }
      open[partition].chain = chain
    }
  }

  // MARK: Spilling

  /// Moves text to the spill file until a quarter of memory is free, or nothing is left to move.
  /// Members that are complete will be encoded soonest, and so go last.
  private mutating func makeRoom() throws {
    let wanted = max(pool.memory.count / 4, 1)
    var freed = 0
    for _ in 0..<open.count where freed < wanted {
      freed += open[nextToSpill].chain.chunks
      open[nextToSpill] = try moved(open[nextToSpill])
      nextToSpill = (nextToSpill + 1) % open.count
    }
    for index in firstWaiting..<waiting.count where freed < wanted {
      freed += waiting[index].chain.chunks
      waiting[index] = try moved(waiting[index])
    }
    try spill.flush()
  }

  private mutating func moved(_ member: Member) throws -> Member {
    let chain = member.chain
    guard !chain.isEmpty else { return member }
    var moved = member
    moved.spilled = try spill.begin(after: member.spilled, count: chain.count)
    try chain.forEachPiece(in: pool.memory) { try spill.add($0) }
    moved.spilledCount += chain.count
    moved.chain = ChunkChain()
    pool.release(chain)
    return moved
  }

  private mutating func spillRest(_ text: ByteView, of partition: Int) throws {
    precondition(open[partition].chain.isEmpty, "text would overtake what waits in memory")
    let extent = try spill.begin(after: open[partition].spilled, count: text.count)
    try spill.add(text)
    try spill.flush()
    open[partition].spilled = extent
    open[partition].spilledCount += text.count
  }

  // MARK: Handing out

  /// After the last batch: hands out what is left, partitions in the order of their keys, about
  /// 1 MiB a call. False when nothing was left.
  mutating func drain(_ share: inout MemberShare) -> Bool {
    recycle(&share)
    let order = self.order ?? table.sorted()
    self.order = order
    handOut(atLeast: MemberAssembler.memberSize, &share)
    if firstWaiting < waiting.count { return true }
    var count = share.members.elements.reduce(0) { $0 + $1.count }
    while drained < order.count, count < MemberAssembler.memberSize {
      var member = open[Int(order[drained])]
      member.isLast = true
      count += member.count
      give(member, &share)
      drained += 1
    }
    return share.members.count > 0
  }

  private mutating func handOut(atLeast bytes: Int, _ share: inout MemberShare) {
    var count = 0
    while firstWaiting < waiting.count, count < bytes {
      let member = waiting[firstWaiting]
      firstWaiting += 1
      count += member.count
      give(member, &share)
    }
    guard firstWaiting == waiting.count else { return }
    waiting.removeAll()
    firstWaiting = 0
  }

  private func give(_ member: Member, _ share: inout MemberShare) {
    let key = table.key(of: member.partition)
    share.members.append(member)
    share.keys.append(Span32(share.keyText.count, count: key.count))
    share.keyText.append(key)
  }

  /// Takes back the chunks of what a worker has encoded.
  private mutating func recycle(_ share: inout MemberShare) {
    for member in share.members.elements { pool.release(member.chain) }
    share.members.removeAll()
    share.keys.removeAll()
    share.keyText.removeAll()
  }
}
