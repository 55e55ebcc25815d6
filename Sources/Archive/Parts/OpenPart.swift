internal import Crypto
internal import History
internal import Bytes
internal import Codec
internal import Disk

/// A part that is being written.
final class OpenPart {
  let index: Int
  let folder: String
  let path: String
  var file: File?
  var bytes = 0
  var records = 0
  var times = EventTimes()
  var merkle = MerkleAccumulator()
  /// Its block of the index, so far.
  var searchIndex = PartIndexBuilder()
  /// The trailer of the open member, so far.
  var trailer: MemberTrailer
  private var hasher = SHA256Hasher()

  init(index: Int, folder: String, path: String, format: CompressionFormat) {
    trailer = MemberTrailer(format)
    self.index = index
    self.folder = folder
    self.path = path
  }

  func write(_ stored: ByteView, to file: File) throws {
    try file.write(all: stored)
    bytes += stored.count
    hasher.update(stored)
  }

  func count(_ piece: Piece, _ leaves: UnsafeBufferPointer<Digest256>) {
    records += piece.records
    searchIndex.count(text: piece.count, records: piece.records)
    times.add(piece.times)
    searchIndex.cover(piece.times)
    for leaf in leaves { merkle.append(leafHash: leaf) }
  }

  /// Takes what a collector has of lines.
  func take(_ collector: inout TermCollector) {
    times.add(collector.times)
    searchIndex.take(&collector)
  }

  /// Its block of the index.
  func indexBlock(_ spill: SpillFile? = nil) throws -> IndexBlock {
    var block = ByteBuffer(capacity: 256)
    try searchIndex.appendBlock(to: &block, spill)
    return IndexBlock(number: index, members: searchIndex.members, bytes: block.bytes)
  }

  /// The part for a commit. Nothing may be added after that.
  func finished(_ format: CompressionFormat) -> StagedPart {
    var finished = SHA256Hasher()
    swap(&finished, &hasher)
    return StagedPart(
      index: index, folder: folder, format: format, bytes: Int64(bytes),
      sha256: finished.finalize(), merkleRoot: merkle.root, records: records,
      firstTime: times.first, lastTime: times.last)
  }
}
