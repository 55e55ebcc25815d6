package import History
internal import Bytes
internal import Disk

/// Writes the index of a commit while its parts are made, a block at a time.
final class IndexStaging {
  private var writer: IndexFileWriter
  private var isEmpty = true

  init(_ run: StagedRun) throws {
    writer = IndexFileWriter(try run.create(.index))
  }

  /// Adds what is known of a part of commit `sequence`.
  func append(_ block: IndexBlock, sequence: Int) throws {
    try block.bytes.withUnsafeBufferPointer {
      try writer.append($0, members: block.members, sequence: sequence, number: block.number)
    }
    isEmpty = false
  }

  /// Adds what another file says of its parts.
  func append(_ pieces: IndexPieces) throws {
    guard let file = try SearchIndexFile(pieces) else { return }
    var block = ByteBuffer()
    for entry in file.entries {
      block.removeAll()
      try pieces.read(entry.start..<entry.start + entry.length, into: &block)
      guard let index = file.index(block.view) else { continue }
      try append(
        IndexBlock(number: entry.key.number, members: index.count, bytes: block.bytes),
        sequence: entry.key.sequence)
    }
  }

  /// The finished file; nil if there is nothing in it.
  func finish() throws -> StagedFile? {
    let file = try writer.finish()
    return isEmpty ? nil : file
  }
}

extension StagedRun {
  /// Stages the index of a run anew, with what `builder` has made beside the run's own parts.
  package func stageIndex(adding builder: PartBuilder, to own: StagedFile?) throws -> StagedFile? {
    let bytes =
      try own.map { own throws(DiskError) in
        try archive.disk.contents(path(of: .index), limit: Int(clamping: own.bytes))
      } ?? []
    let staging = try IndexStaging(self)
    if let content = HashedBlocks.content(ofFile: bytes.count) {
      let pieces = bytes.withUnsafeBufferPointer { IndexPieces(ByteView(rebasing: $0[..<content])) }
      try staging.append(pieces)
    }
    for block in builder.blocks { try staging.append(block, sequence: sequence) }
    return try staging.finish()
  }
}
