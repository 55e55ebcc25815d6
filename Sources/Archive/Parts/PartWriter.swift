internal import History
internal import Bytes
internal import Codec
internal import Disk

/// Appends pieces of members to the parts of their partitions, in the order of the run.
///
/// A part ends with the first member that brings it to `partSize`, or with its partition's last.
/// A few files are open at a time; one that has to make room is opened again for its next piece.
struct PartWriter: ~Copyable {
  /// Files that are open at a time: 16.
  private static let openFiles = 16

  private let disk: Disk
  private let partSize: Int
  private let format: CompressionFormat
  private let folder: (ByteView) -> String
  private let path: (Int) -> String
  /// The parts that are not complete, by partition.
  private var parts: [Int: OpenPart] = [:]
  /// Those whose file is open, the one used last at the end.
  private var recent: [OpenPart] = []
  private var finished: [StagedPart] = []
  /// Parts so far.
  private var count = 0
  private var trailerText = ByteBuffer(capacity: 16)
  private var index: IndexFileWriter
  /// Where what the index will say waits when it is too much for memory.
  private let indexSpill: SpillFile
  private let indexBound: Int
  /// Bytes of it in memory.
  private var indexMemory = 0
  private let sequence: Int

  /// `folder` gives the folder of a partition by its key, `path` the staged path of the run's n-th
  /// part; the index of commit `sequence` goes to `index`. What waits for it has `indexBound` bytes of
  /// memory, and then `indexSpill`.
  init(
    _ disk: Disk, index: File, indexSpill: SpillFile, indexBound: Int, sequence: Int,
    partSize: Int, format: CompressionFormat,
    folder: @escaping (ByteView) -> String, path: @escaping (Int) -> String
  ) {
    self.disk = disk
    self.index = IndexFileWriter(index)
    self.indexSpill = indexSpill
    self.indexBound = indexBound
    self.sequence = sequence
    self.partSize = partSize
    self.format = format
    self.folder = folder
    self.path = path
  }

  /// Writes all pieces of a share.
  mutating func write(_ share: borrowing PieceShare, _ encoder: borrowing MemberEncoder) throws {
    var leaf = 0
    for index in 0..<share.pieces.count {
      let piece = share.pieces[index]
      let leaves = UnsafeBufferPointer(
        rebasing: encoder.leaves.elements[leaf..<leaf + piece.records])
      leaf += piece.records
      if piece.count > 0 {
        let part = part(of: piece.partition, key: share.key(of: index))
        let file = try opened(part)
        try part.write(encoder.stored(index), to: file)
        part.count(piece, leaves)
        let before = part.searchIndex.spillableCount
        part.searchIndex.add(encoder.terms(index), blocks: encoder.blocks(index))
        if !piece.isMember { try writeTrailer(piece, encoder.trailers[index], part, file) }
        if piece.endsMember {
          try part.searchIndex.endMember(at: Int64(part.bytes), indexSpill)
        }
        indexMemory += part.searchIndex.spillableCount - before
      }
      try finish(piece)
      if indexMemory > indexBound { try spillIndex() }
    }
  }

  private mutating func spillIndex() throws {
    for part in parts.values.sorted(by: { $0.index < $1.index }) {
      try part.searchIndex.spill(to: indexSpill)
    }
    indexMemory = 0
  }

  private mutating func writeTrailer(
    _ piece: Piece, _ trailer: MemberTrailer, _ part: OpenPart, _ file: File
  ) throws {
    part.trailer.append(trailer)
    guard piece.endsMember else { return }
    trailerText.removeAll()
    part.trailer.append(to: &trailerText)
    try part.write(trailerText.view, to: file)
    part.trailer = MemberTrailer(format)
  }

  /// All parts in the order of their numbers, and the index if there are any. Nothing may be written
  /// after that.
  mutating func takeFinished() throws -> StagedOutput {
    precondition(parts.isEmpty, "a part that is still open")
    finished.sort { $0.index < $1.index }
    defer { finished = [] }
    try indexSpill.close()
    let index = try self.index.finish()
    return StagedOutput(parts: finished, files: finished.isEmpty ? [:] : [.index: index])
  }

  /// Finishes the piece's part if it is the last one, or ends a member and the part is large enough.
  private mutating func finish(_ piece: Piece) throws {
    guard piece.endsMember, let part = parts[piece.partition],
      piece.isLast || part.bytes >= partSize
    else { return }
    parts[piece.partition] = nil
    recent.removeAll { $0 === part }
    try part.file?.close()
    indexMemory -= part.searchIndex.spillableCount
    let block = try part.indexBlock(indexSpill)
    try block.bytes.withUnsafeBufferPointer {
      try index.append(
        $0, members: block.members, sequence: sequence, number: block.number)
    }
    finished.append(part.finished(format))
  }

  private mutating func part(of partition: Int, key: ByteView) -> OpenPart {
    if let part = parts[partition] { return part }
    let part = OpenPart(index: count, folder: folder(key), path: path(count), format: format)
    count += 1
    parts[partition] = part
    return part
  }

  private mutating func opened(_ part: OpenPart) throws -> File {
    recent.removeAll { $0 === part }
    while recent.count >= PartWriter.openFiles {
      let oldest = recent.removeFirst()
      try oldest.file?.close()
      oldest.file = nil
    }
    recent.append(part)
    if let file = part.file { return file }
    let file = try part.bytes == 0 ? disk.createExclusive(part.path) : disk.openAppending(part.path)
    part.file = file
    return file
  }
}
