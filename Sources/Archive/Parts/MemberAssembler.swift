internal import Crypto
internal import Bytes
internal import Codec
internal import Engine

// Lines come in the order of the input, each for one partition; members go out, piece by piece. A
// member ends at the first line end at or past 1 MiB of its partition's text, and its pieces are so
// many bytes of that text each, wherever lines end, but for the last; so all bounds depend on that
// text alone: not on batches, threads or memory. A piece is complete when the next byte comes, or
// its member ends. It is handed out at once; what both it and the next one need, the text that the
// next one may refer to, is copied. What varies is only where the text waits. It waits in chunks of
// a fixed piece of memory; when that is full, a quarter of it is moved to the spill file in one pass,
// partition by partition in turn, so that extents are as long as memory allows and no more text than
// needed is written and read again. What then still finds no room, because other workers are busy
// with all of it, goes to the file directly.
//
// Records have leaf hashes. Whoever has a piece takes those of the records that lie in it; that of
// a record which began in an earlier piece is taken here, where all of the record is still at hand.
//
// Chunks of pieces that were handed out come back with the next call of the worker that had them:
// everything here happens in the order of the run, and nothing needs a lock.

/// Records go into more partitions than they may.
struct TooManyPartitions: Error {}

/// Makes members of lines.
struct MemberAssembler: ~Copyable {
  /// Text that is handed out with one batch where more waits; a batch that brought more takes more.
  private static let shareSize = 4 << 20

  /// Where text waits that memory has no room for.
  let spill: SpillFile
  private var pool: ChunkPool
  /// The keys of the partitions, by their numbers.
  private var keys = ByteKeys()
  private let rule: PieceRule
  private let mostPartitions: Int
  /// For each partition its open piece.
  private var open = FlatArray<Piece>(capacity: 64)
  /// Pieces that are complete and wait to be handed out, from `firstWaiting` on.
  private var waiting = FlatArray<Piece>(capacity: 64)
  private var firstWaiting = 0
  /// The partition whose turn it is to leave memory.
  private var nextToSpill = 0
  /// Once draining, the partitions in the order of their keys, and how far it has come.
  private var order: [UInt32]?
  private var drained = 0

  /// At most `memoryBound` bytes of text wait in memory, for at most `mostPartitions` partitions.
  init(
    _ rule: PieceRule, memoryBound: Int, spill: SpillFile, mostPartitions: Int = .max
  ) {
    self.rule = rule
    self.mostPartitions = mostPartitions
    pool = ChunkPool(bytes: memoryBound)
    self.spill = spill
  }

  /// Where chunks lie.
  var memory: ChunkMemory { pool.memory }

  /// How many partitions there are.
  var partitions: Int { keys.count }

  /// The key of a partition.
  func key(ofPartition number: Int) -> ByteView { keys[number] }

  /// Takes the lines of a batch, and gives pieces for it to encode. Throws `TooManyPartitions`.
  mutating func admit(_ lines: borrowing RenderedLines, _ share: inout PieceShare) throws {
    recycle(&share)
    var key: Span32?
    var partition = 0
    for line in lines.lines.elements {
      if line.key != key {
        partition = try number(of: lines.keys[line.key], hash: line.hash)
        key = line.key
      }
      let text = ByteView(start: lines.text.base + Int(line.start), count: Int(line.count))
      try append(text, to: partition)
      try appendTerms(lines.terms(of: line), to: partition)
      endLine(partition, line.times)
    }
    handOut(atLeast: max(MemberAssembler.shareSize, 2 * lines.text.count), &share)
  }

  private mutating func number(of key: ByteView, hash: UInt32) throws(TooManyPartitions) -> Int {
    let number = keys.insert(key, hash: hash)
    if number == open.count {
      guard number < mostPartitions else { throw TooManyPartitions() }
      open.append(Piece(partition: number))
    }
    return number
  }

  /// Counts the line that was appended last, and ends the member if it is long enough.
  @inline(__always) private mutating func endLine(_ partition: Int, _ times: EventTimes) {
    let piece = open.elements.baseAddress.unsafelyUnwrapped + partition
    piece.pointee.records += 1
    piece.pointee.times.add(times)
    if piece.pointee.offset + piece.pointee.count >= Compression.memberSize {
      piece.pointee.endsMember = true
      waiting.append(piece.pointee)
      piece.pointee = Piece(partition: partition)
    }
  }

  /// Appends a line.
  @inline(__always) private mutating func append(_ line: ByteView, to partition: Int) throws {
    let piece = open.elements.baseAddress.unsafelyUnwrapped + partition
    let fill = piece.pointee.text.chain.fill
    if line.count <= min(ChunkMemory.chunkSize - fill, rule.size - piece.pointee.count),
      let start = line.baseAddress
    {
      (pool.memory.bytes(of: piece.pointee.text.chain.last) + fill).update(
        from: start, count: line.count)
      piece.pointee.text.chain.fill = fill + line.count
    } else {
      try appendBeyondChunk(line, to: partition)
    }
  }

  @inline(__always) private mutating func appendTerms(_ row: ByteView, to partition: Int) throws {
    let piece = open.elements.baseAddress.unsafelyUnwrapped + partition
    let fill = piece.pointee.terms.chain.fill
    guard row.count <= ChunkMemory.chunkSize - fill, let start = row.baseAddress else {
      return try put(row, into: .terms, of: partition)
    }
    (pool.memory.bytes(of: piece.pointee.terms.chain.last) + fill).update(
      from: start, count: row.count)
    piece.pointee.terms.chain.fill = fill + row.count
  }

  private mutating func appendBeyondChunk(_ line: ByteView, to partition: Int) throws {
    let before = open[partition].offset
    var rest = line
    while rest.count > 0 {
      if open[partition].count == rule.size { try cut(partition) }
      let count = min(rest.count, rule.size - open[partition].count)
      try put(ByteView(rebasing: rest[..<count]), into: .text, of: partition)
      rest = ByteView(rebasing: rest[count...])
    }
    if open[partition].offset != before {
      let record = ByteView(rebasing: line.dropLast())
      open[partition].firstLeaf = MerkleAccumulator.leafHash(record)
    }
  }

  private mutating func put(
    _ bytes: ByteView, into kind: Piece.Waiting, of partition: Int
  ) throws {
    var rest = bytes
    while true {
      let count = pool.append(rest, to: &open[partition][kind].chain)
      rest = ByteView(rebasing: rest[count...])
      guard rest.count > 0 else { return }
      try makeRoom()
      if pool.available == 0 { return try spillRest(rest, kind, of: partition) }
    }
  }

  /// Ends the open piece in the middle of its member.
  private mutating func cut(_ partition: Int) throws {
    let needed = rule.dictionarySize / ChunkMemory.chunkSize
    if pool.available < needed { try makeRoom() }
    if pool.available < needed {
      open[partition] = try moved(open[partition])
      try spill.flush()
    }
    let piece = open[partition]
    waiting.append(piece)
    open[partition] = follower(of: piece)
  }

  /// The piece behind `piece` in its member, with a copy of what lies in memory of the text that it
  /// may refer to; the rest of that it finds in the spill file, where `piece` has it.
  private mutating func follower(of piece: Piece) -> Piece {
    var next = Piece(partition: piece.partition, offset: piece.offset + piece.count)
    next.dictionaryCount = min(rule.dictionarySize, piece.text.count)
    var before = piece.text.chain.count - next.dictionaryCount
    if before < 0 {
      next.text.spilled = piece.text.spilled
      next.text.spilledCount = -before
    }
    let memory = pool.memory
    piece.text.chain.forEachRun(in: memory) { run in
      let skipped = min(max(before, 0), run.count)
      before -= skipped
      let copied = pool.append(ByteView(rebasing: run[skipped...]), to: &next.text.chain)
      precondition(copied == run.count - skipped, "chunks were counted wrongly")
    }
    return next
  }

  // MARK: Spilling

  /// Moves text to the spill file until a quarter of memory is free, or nothing is left to move.
  /// Pieces that are complete will be encoded soonest, and so go last.
  private mutating func makeRoom() throws {
    let wanted = max(pool.memory.count / 4, 1)
    var freed = 0
    for _ in 0..<open.count where freed < wanted {
      freed += open[nextToSpill].chunks
      open[nextToSpill] = try moved(open[nextToSpill])
      nextToSpill = (nextToSpill + 1) % open.count
    }
    for index in firstWaiting..<waiting.count where freed < wanted {
      freed += waiting[index].chunks
      waiting[index] = try moved(waiting[index])
    }
    try spill.flush()
  }

  private mutating func moved(_ piece: Piece) throws -> Piece {
    var moved = piece
    moved.text = try self.moved(piece.text)
    moved.terms = try self.moved(piece.terms)
    return moved
  }

  private mutating func moved(_ waiting: WaitingBytes) throws -> WaitingBytes {
    let chain = waiting.chain
    guard !chain.isEmpty else { return waiting }
    var moved = waiting
    moved.spilled = try spill.begin(after: waiting.spilled, count: chain.count)
    try chain.forEachRun(in: pool.memory) { try spill.add($0) }
    moved.spilledCount += chain.count
    moved.chain = ChunkChain()
    pool.release(chain)
    return moved
  }

  private mutating func spillRest(
    _ bytes: ByteView, _ kind: Piece.Waiting, of partition: Int
  ) throws {
    var waiting = open[partition][kind]
    precondition(waiting.chain.isEmpty, "bytes would overtake what waits in memory")
    waiting.spilled = try spill.begin(after: waiting.spilled, count: bytes.count)
    try spill.add(bytes)
    try spill.flush()
    waiting.spilledCount += bytes.count
    open[partition][kind] = waiting
  }

  // MARK: Handing out

  /// After the last batch: hands out what is left, partitions in the order of their keys, about
  /// 1 MiB a call. False when nothing was left.
  mutating func drain(_ share: inout PieceShare) -> Bool {
    recycle(&share)
    let order = self.order ?? partitionsByKey()
    self.order = order
    handOut(atLeast: Compression.memberSize, &share)
    if firstWaiting < waiting.count { return true }
    var count = share.pieces.elements.reduce(0) { $0 + $1.count }
    while drained < order.count, count < Compression.memberSize {
      var piece = open[Int(order[drained])]
      piece.endsMember = true
      piece.isLast = true
      count += piece.count
      give(piece, &share)
      drained += 1
    }
    return share.pieces.count > 0
  }

  private func partitionsByKey() -> [UInt32] {
    (0..<UInt32(keys.count)).sorted { left, right in
      keys[Int(left)].lexicographicallyPrecedes(keys[Int(right)])
    }
  }

  private mutating func handOut(atLeast bytes: Int, _ share: inout PieceShare) {
    var count = 0
    while firstWaiting < waiting.count, count < bytes {
      let piece = waiting[firstWaiting]
      firstWaiting += 1
      count += piece.count
      give(piece, &share)
    }
    guard firstWaiting == waiting.count else { return }
    waiting.removeAll()
    firstWaiting = 0
  }

  private func give(_ piece: Piece, _ share: inout PieceShare) {
    let key = keys[piece.partition]
    share.pieces.append(piece)
    share.keys.append(Span32(share.keyText.count, count: key.count))
    share.keyText.append(key)
  }

  /// Takes back the chunks of what a worker has encoded.
  private mutating func recycle(_ share: inout PieceShare) {
    for piece in share.pieces.elements {
      pool.release(piece.text.chain)
      pool.release(piece.terms.chain)
    }
    share.pieces.removeAll()
    share.keys.removeAll()
    share.keyText.removeAll()
  }
}
