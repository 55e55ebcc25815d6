internal import Crypto
internal import Bytes
internal import Codec
internal import Platform

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
  private var distinct = DistinctTerms()
  private var rows = ByteBuffer(capacity: 16)
  /// Where each piece's terms, and those of blocks, end.
  private var termEnds = FlatArray<Int>(capacity: 64)
  private var blockEnds = FlatArray<Int>(capacity: 64)

  /// An encoder with a compressor.
  init(_ compression: Compression) throws(CodecError) { compressor = try Compressor(compression) }

  /// Encodes the pieces of a share in place of what was encoded before.
  mutating func encode(
    _ share: borrowing PieceShare, memory: ChunkMemory, spill: SpillFile
  ) throws {
    removeAll()
    for piece in share.pieces.elements {
      try piece.text.copy(into: &text, memory, spill, scratch: &scratch)
      try compress(piece)
      takeLeaves(ByteView(rebasing: text.view[piece.dictionaryCount...]), piece)
      try piece.terms.copy(into: &rows, memory, spill, scratch: &scratch)
      distinct.forget()
      distinct.add(rows: rows.view)
      ends.append(stored.count)
      termEnds.append(distinct.terms.count)
      blockEnds.append(distinct.blocks.count)
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

  /// The terms of the records that end in piece `index`.
  func terms(_ index: Int) -> UnsafeBufferPointer<UInt64> {
    let start = index == 0 ? 0 : termEnds[index - 1]
    return UnsafeBufferPointer(rebasing: distinct.terms.elements[start..<termEnds[index]])
  }

  /// The blocks of addresses of the records that end in piece `index`.
  func blocks(_ index: Int) -> UnsafeBufferPointer<UInt64> {
    let start = index == 0 ? 0 : blockEnds[index - 1]
    return UnsafeBufferPointer(rebasing: distinct.blocks.elements[start..<blockEnds[index]])
  }

  private mutating func removeAll() {
    distinct.removeAll()
    termEnds.removeAll()
    blockEnds.removeAll()
    stored.removeAll()
    stored.trim(keeping: MemberEncoder.keptSize)
    text.removeAll()
    text.trim(keeping: MemberEncoder.keptSize)
    rows.removeAll()
    rows.trim(keeping: MemberEncoder.keptSize)
    scratch.removeAll()
    scratch.trim(keeping: MemberEncoder.keptSize)
    ends.removeAll()
    trailers.removeAll()
    leaves.removeAll()
  }

  /// Takes the leaf hash of every line that ends in `text`, without its line feed.
  private mutating func takeLeaves(_ text: ByteView, _ piece: Piece) {
    guard var at = text.baseAddress else { return }
    let before = leaves.count
    var known = piece.firstLeaf
    let end = at + text.count
    while at < end, let found = memchr(at, Int32(UInt8(ascii: "\n")), end - at) {
      let feed = UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
      leaves.append(known ?? MerkleAccumulator.leafHash(ByteView(start: at, count: feed - at)))
      known = nil
      at = feed + 1
    }
    precondition(
      leaves.count - before == piece.records && (at == end || !piece.endsMember),
      "a record of two lines")
  }
}
