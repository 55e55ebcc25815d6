internal import History
package import Output
internal import Bytes
package import Codec
package import Disk
package import Engine
package import Trail

/// How an archive's parts are made.
package struct PartSettings: Sendable {
  /// Which records share a folder.
  package var layout: BoundLayout
  /// A part ends with the first member that brings it to this many bytes as stored.
  package var partSize: Int
  /// How members are compressed.
  package var compression: Compression
  /// Where events keep what a search looks for, and how they write times.
  package var dialect: Dialect
  /// The slots that hold the values of those members in a batch.
  package var bound: BoundDialect
  /// What the members are called that are added to events.
  package var names: AddedNames
  /// What is believed of the events.
  package var added: AddedMembers
  /// Text that waits in memory for its piece of a member to be complete, in bytes; the rest waits in the
  /// spill file.
  package var memoryBound: Int
  /// Partitions that the records may go into.
  package var mostPartitions: Int
  /// Partitions beyond which `StagedOutput` says what makes them so many.
  package var manyPartitions = 10_000

  /// 128 MiB as stored.
  package static let defaultPartSize = 128 << 20
  /// 64 MiB: with two workers the whole process then takes some 100 MiB.
  package static let defaultMemoryBound = 64 << 20

  /// Settings as given.
  package init(
    layout: BoundLayout, partSize: Int = defaultPartSize, compression: Compression = Compression(),
    dialect: Dialect, bound: BoundDialect,
    names: AddedNames = AddedNames(), added: AddedMembers = AddedMembers([]),
    memoryBound: Int = defaultMemoryBound, mostPartitions: Int = .max
  ) {
    self.layout = layout
    self.partSize = partSize
    self.compression = compression
    self.dialect = dialect
    self.bound = bound
    self.names = names
    self.added = added
    self.memoryBound = memoryBound
    self.mostPartitions = mostPartitions
  }
}

/// Makes staged parts of what is kept, and a staged file of what is turned away.
///
/// Unchecked: `admit` and `drain` alone touch the assembler, `write` alone the writers, each behind
/// its turnstile; `render` and `encode` touch what the worker owns and what never changes.
package final class ArchiveSink: Sink, @unchecked Sendable {
  private let settings: PartSettings
  private let added: Added
  private let rows: RejectRows
  private let memory: ChunkMemory
  private let spill: SpillFile
  private var assembler: MemberAssembler
  private var parts: PartWriter
  private var rejects: RejectWriter

  /// A sink that writes to the staging folder of `run`. Throws what `Compression.check` throws.
  package init(
    _ disk: Disk, run: StagedRun, _ settings: PartSettings, rows: RejectRows
  ) throws {
    try settings.compression.check()
    self.settings = settings
    added = Added(settings.names)
    self.rows = rows
    spill = SpillFile(disk, path: run.spillPath)
    assembler = MemberAssembler(
      settings.compression.pieceRule, memoryBound: settings.memoryBound, spill: spill,
      mostPartitions: settings.mostPartitions)
    memory = assembler.memory
    parts = PartWriter(
      disk, index: try run.create(.index),
      indexSpill: SpillFile(disk, path: run.indexSpillPath), indexBound: settings.memoryBound / 4,
      sequence: run.sequence,
      partSize: settings.partSize,
      format: settings.compression.format,
      folder: { settings.layout.folder(forKey: $0) }, path: { run.partPath(index: $0) })
    rejects = try RejectWriter(.gzip) { try run.create(.quarantine) }
  }

  /// Buffers and a compressor.
  package func makeAttachment() throws -> any AnyObject & SinkAttachment {
    try SinkWorker(
      settings.compression,
      RecordTerms(
        RecordEvent(settings.dialect, settings.bound, settings.added),
        ArchivedEvent(settings.dialect, settings.added)))
  }

  /// Makes a line and a partition's key of each record that is kept.
  package func render(_ batch: Batch) throws {
    let worker = SinkWorker.of(batch)
    worker.lines.removeAll()
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      worker.lines.append(batch, index, added, &worker.terms) {
        settings.layout.appendKey($0, $1, to: &$2)
      }
    }
  }

  /// Puts lines into pieces of members. Throws, with the kind `limit`, if they go into too many partitions.
  package func admit(_ batch: Batch) throws {
    let worker = SinkWorker.of(batch)
    do { try assembler.admit(worker.lines, &worker.share) } catch is TooManyPartitions {
      throw ArchiveError(
        .limit,
        "the events go into more than \(Figures.grouped(settings.mostPartitions)) partitions "
          + "(limits.partitions): \(mostVaried): whoever makes events chooses that: take another layout, or "
          + "raise the limit: nothing was published")
    }
  }

  /// What makes partitions so many.
  private var mostVaried: String {
    let most = settings.layout.mostVaried(assembler.partitions) { assembler.key(ofPartition: $0) }
    return "\(most.name) has most of the values, \(Figures.grouped(most.values))"
  }

  /// Hands out the pieces that the end of the input completes.
  package func drain(_ batch: Batch) throws -> Bool {
    assembler.drain(&SinkWorker.of(batch).share)
  }

  /// Compresses pieces, and takes the digests of their records.
  package func encode(_ batch: Batch) throws {
    let worker = SinkWorker.of(batch)
    try worker.encoder.encode(worker.share, memory: memory, spill: spill)
    worker.rejects.removeAll()
    rows.append(batch, to: &worker.rejects)
  }

  /// Appends pieces to their parts, and rows to the quarantine.
  package func write(_ batch: Batch) throws {
    let worker = SinkWorker.of(batch)
    try parts.write(worker.share, worker.encoder)
    try rejects.append(worker.rejects.view)
  }

  /// After the run: all parts in the order of their numbers, and the quarantine if there is any.
  package func finish() throws -> StagedOutput {
    let digest = try rejects.finish()
    try rejects.close()
    try spill.close()
    var output = try parts.takeFinished()
    if assembler.partitions > settings.manyPartitions {
      output.notices = [
        "the events went into \(Figures.grouped(assembler.partitions)) partitions: \(mostVaried): readers "
          + "are slow where parts are many and small"
      ]
    }
    if rejects.rows > 0 {
      output.files[.quarantine] = StagedFile(
        bytes: Int64(rejects.bytes), sha256: digest, records: rejects.rows)
    }
    return output
  }
}
