internal import Crypto
internal import Bytes
internal import Codec
internal import Trail
internal import Platform

/// What a piece has of records that lie in several pieces: such a record is put together again where
/// pieces come in their order.
struct PieceFragments: BitwiseCopyable {
  /// The end of a record that began earlier.
  var head = Span32.empty
  /// True if the head ends that record.
  var endsLine = false
  /// The beginning of a record, or a middle, that goes on in the next piece.
  var tail = Span32.empty
}

/// Makes stored bytes of pieces: what a worker does at the same time as others.
struct MemberEncoder: ~Copyable {
  /// What pieces take at most to stay in memory from batch to batch: 8 MiB.
  private static let keptSize = 8 << 20

  private let compressor: Compressor
  private var text = ByteBuffer(capacity: 16)
  private var scratch = ByteBuffer(capacity: 16)
  /// The stored form of all pieces, end to end.
  private(set) var stored = ByteBuffer(capacity: 16)
  /// Where each of them ends in `stored`.
  private(set) var ends = FlatArray<Int>(capacity: 64)
  /// For each of them its share of its member's trailer. Whole members have theirs in `stored`.
  private(set) var trailers = FlatArray<MemberTrailer>(capacity: 64)
  /// The leaf hash of every record that ends in a piece, in their order.
  private(set) var leaves = FlatArray<Digest256>(capacity: 16)
  /// What the index will find the pieces' records by.
  private var collector: TermCollector
  /// Where each piece's terms, and those of blocks, end.
  private var termEnds = FlatArray<Int>(capacity: 64)
  private var blockEnds = FlatArray<Int>(capacity: 64)
  /// For each piece the times of the records that lie in it whole, as they say it themselves.
  private(set) var times = FlatArray<EventTimes>(capacity: 64)
  /// What each piece has of records that do not lie in it whole.
  private(set) var fragments = FlatArray<PieceFragments>(capacity: 64)
  private var fragmentText = ByteBuffer(capacity: 16)

  /// An encoder with a compressor; `event` reads the records.
  init(_ compression: Compression, _ event: ArchivedEvent) throws(CodecError) {
    compressor = try Compressor(compression)
    collector = TermCollector(event)
  }

  /// Encodes the pieces of a share in place of what was encoded before.
  mutating func encode(
    _ share: borrowing PieceShare, memory: ChunkMemory, spill: SpillFile
  ) throws {
    removeAll()
    for piece in share.pieces.elements {
      text.removeAll()
      try gather(piece, memory, spill)
      try compress(piece)
      takeLeaves(ByteView(rebasing: text.view[piece.dictionaryCount...]), piece)
      ends.append(stored.count)
      termEnds.append(collector.terms.count)
      blockEnds.append(collector.blocks.count)
      times.append(collector.times)
    }
  }

  private mutating func compress(_ piece: Piece) throws(CodecError) {
    var trailer = MemberTrailer(compressor.compression.format)
    let dictionary = ByteView(rebasing: text.view[..<piece.dictionaryCount])
    let own = ByteView(rebasing: text.view[piece.dictionaryCount...])
    if !piece.isMember {
      trailer = try compressor.compress(
        piece: own, after: dictionary, isFirst: piece.offset == 0, isLast: piece.endsMember,
        into: &stored)
    } else if piece.count > 0 {
      try compressor.compress(own, into: &stored)
    }
    trailers.append(trailer)
  }

  /// The stored form of piece `index`.
  func stored(_ index: Int) -> ByteView {
    let start = index == 0 ? 0 : ends[index - 1]
    return ByteView(rebasing: stored.view[start..<ends[index]])
  }

  /// The terms of the records that lie in piece `index` whole.
  func terms(_ index: Int) -> UnsafeBufferPointer<UInt64> {
    let start = index == 0 ? 0 : termEnds[index - 1]
    return UnsafeBufferPointer(rebasing: collector.terms.elements[start..<termEnds[index]])
  }

  /// The blocks of addresses of the records that lie in piece `index` whole.
  func blocks(_ index: Int) -> UnsafeBufferPointer<UInt64> {
    let start = index == 0 ? 0 : blockEnds[index - 1]
    return UnsafeBufferPointer(rebasing: collector.blocks.elements[start..<blockEnds[index]])
  }

  /// The text of a fragment.
  func text(_ fragment: Span32) -> ByteView { fragmentText[fragment] }

  private mutating func removeAll() {
    collector.removeAll()
    termEnds.removeAll()
    blockEnds.removeAll()
    times.removeAll()
    fragments.removeAll()
    fragmentText.removeAll()
    fragmentText.trim(keeping: MemberEncoder.keptSize)
    stored.removeAll()
    stored.trim(keeping: MemberEncoder.keptSize)
    text.removeAll()
    text.trim(keeping: MemberEncoder.keptSize)
    scratch.removeAll()
    scratch.trim(keeping: MemberEncoder.keptSize)
    ends.removeAll()
    trailers.removeAll()
    leaves.removeAll()
  }

  private mutating func gather(
    _ piece: Piece, _ memory: ChunkMemory, _ spill: SpillFile
  ) throws {
    text.reserve(piece.waitingCount)
    var end = text.base + piece.spilledCount
    try spill.read(endingWith: piece.spilled, total: piece.spilledCount, to: end, scratch: &scratch)
    piece.chain.forEachRun(in: memory) { run in
      guard let from = run.baseAddress else { return }
      end.update(from: from, count: run.count)
      end += run.count
    }
    text.advance(by: piece.waitingCount)
  }

  private mutating func keep(_ text: ByteView) -> Span32 {
    let start = fragmentText.count
    fragmentText.append(text)
    return Span32(start, count: text.count)
  }

  /// Takes leaf hash and terms of every line that ends in `text`, without its line feed.
  private mutating func takeLeaves(_ text: ByteView, _ piece: Piece) {
    collector.forget()
    guard var at = text.baseAddress else { return fragments.append(PieceFragments()) }
    let before = leaves.count
    var known = piece.firstLeaf
    var parts = PieceFragments()
    let end = at + text.count
    while at < end, let found = memchr(at, Int32(UInt8(ascii: "\n")), end - at) {
      let feed = UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
      let line = ByteView(start: at, count: feed - at)
      if let leaf = known {
        leaves.append(leaf)
        parts.head = keep(line)
        parts.endsLine = true
      } else {
        leaves.append(MerkleAccumulator.leafHash(line))
        collector.add(line)
      }
      known = nil
      at = feed + 1
    }
    parts.tail = keep(ByteView(start: at, count: end - at))
    fragments.append(parts)
    precondition(
      leaves.count - before == piece.records && (at == end || !piece.endsMember),
      "a record of two lines")
  }
}
