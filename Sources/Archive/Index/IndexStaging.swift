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
    try bytes.withUnsafeBufferPointer { bytes in
      for (key, index) in SearchIndexFile(bytes)?.parts ?? [] {
        try staging.append(
          IndexBlock(number: key.number, members: index.count, bytes: Array(index.block)),
          sequence: key.sequence)
      }
    }
    for block in builder.blocks { try staging.append(block, sequence: sequence) }
    return try staging.finish()
  }
}
