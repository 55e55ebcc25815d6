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
  var earliest = Int64.max
  var latest = Int64.min
  var merkle = MerkleAccumulator()
  /// What the index will say about it.
  var searchIndex = PartIndexBuilder()
  /// The beginning of a record that goes on in the next piece.
  var unfinishedLine = ByteBuffer(capacity: 16)
  /// What the trailer of the open member has to say so far.
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
    cover(piece.earliest, piece.latest)
    searchIndex.count(
      text: piece.count, records: piece.records, earliest: piece.earliest,
      latest: piece.latest, hasTimeless: piece.hasTimeless)
    for leaf in leaves { merkle.append(leafHash: leaf) }
  }

  /// Takes note that it holds events from `first` to `last`, in microseconds since 1970.
  func cover(_ first: Int64, _ last: Int64) {
    earliest = min(earliest, first)
    latest = max(latest, last)
  }

  /// What the index says about it.
  func indexBlock() -> IndexBlock {
    var block = ByteBuffer(capacity: 256)
    searchIndex.appendBlock(to: &block)
    return IndexBlock(number: index, members: searchIndex.members, bytes: block.bytes)
  }

  /// What became of it. Nothing may be added after that.
  func finished(fileExtension: String) -> StagedPart {
    var finished = SHA256Hasher()
    swap(&finished, &hasher)
    return StagedPart(
      index: index, folder: folder, fileExtension: fileExtension, bytes: Int64(bytes),
      sha256: finished.finalize(), merkleRoot: merkle.root, records: records,
      firstTime: earliest <= latest ? Timestamp(microseconds: earliest) : nil,
      lastTime: earliest <= latest ? Timestamp(microseconds: latest) : nil)
  }
}
