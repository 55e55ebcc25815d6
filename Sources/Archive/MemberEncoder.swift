internal import Bytes
internal import Codec
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Makes stored bytes of members: what a worker does at the same time as others.
struct MemberEncoder: ~Copyable {
  /// What members take at most to stay in memory from batch to batch: 8 MiB.
  private static let keptSize = 8 << 20

  private let compressor: Compressor
  private let takesLeaves: Bool
  private var text = ByteBuffer(capacity: 16)
  private var scratch = ByteBuffer(capacity: 16)
  /// The stored form of all members, end to end.
  private(set) var stored = ByteBuffer(capacity: 16)
  /// Where each of them ends in `stored`.
  private(set) var ends = FlatArray<Int>(capacity: 64)
  /// The leaf hash of every record of every member, in their order, if wanted.
  private(set) var leaves = FlatArray<Digest256>(capacity: 16)

  /// `takesLeaves`: whether the records' leaf hashes are wanted.
  init(_ compression: Compression, takesLeaves: Bool) throws(CodecError) {
    compressor = try Compressor(compression)
    self.takesLeaves = takesLeaves
  }

  /// Encodes the members of a share in place of what was encoded before.
  mutating func encode(
    _ share: borrowing MemberShare, memory: ChunkMemory, spill: SpillFile
  ) throws {
    removeAll()
    for member in share.members.elements {
      let before = stored.count
      if compressor.compression.format == .none {
        try MemberEncoder.gather(member, memory, spill, into: &stored, &scratch)
        takeLeaves(ByteView(rebasing: stored.view[before...]), member)
      } else if member.count > 0 {
        text.removeAll()
        try MemberEncoder.gather(member, memory, spill, into: &text, &scratch)
        takeLeaves(text.view, member)
        try compressor.compress(text.view, into: &stored)
      }
      ends.append(stored.count)
    }
  }

  /// The stored form of member `index`.
  func stored(_ index: Int) -> ByteView {
    let start = index == 0 ? 0 : ends[index - 1]
    return ByteView(rebasing: stored.view[start..<ends[index]])
  }

  private mutating func removeAll() {
    stored.removeAll()
    stored.trim(keeping: MemberEncoder.keptSize)
    text.removeAll()
    text.trim(keeping: MemberEncoder.keptSize)
    scratch.removeAll()
    scratch.trim(keeping: MemberEncoder.keptSize)
    ends.removeAll()
    leaves.removeAll()
  }

  private static func gather(
    _ member: Member, _ memory: ChunkMemory, _ spill: SpillFile, into buffer: inout ByteBuffer,
    _ scratch: inout ByteBuffer
  ) throws {
    buffer.reserve(member.count)
    var end = buffer.base + buffer.count + member.spilledCount
    try spill.read(
      endingWith: member.spilled, total: member.spilledCount, to: end, scratch: &scratch)
    member.chain.forEachPiece(in: memory) { piece in
      guard let from = piece.baseAddress else { return }
      end.update(from: from, count: piece.count)
      end += piece.count
    }
    buffer.advance(by: member.count)
  }

  /// Takes the leaf hash of every line of `text`, without its line feed.
  private mutating func takeLeaves(_ text: ByteView, _ member: Member) {
    guard takesLeaves, var at = text.baseAddress else { return }
    let before = leaves.count
    let end = at + text.count
    while at < end, let found = memchr(at, Int32(UInt8(ascii: "\n")), end - at) {
      let feed = UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
      leaves.append(MerkleAccumulator.leafHash(ByteView(start: at, count: feed - at)))
      at = feed + 1
    }
    precondition(leaves.count - before == member.records && at == end, "a record of two lines")
  }
}
