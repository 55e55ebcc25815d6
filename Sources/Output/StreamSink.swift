internal import Bytes
package import Codec
package import Disk
package import Engine
package import Trail

/// What one worker keeps for a stream.
private final class StreamWorker: SinkAttachment {
  /// The output text of the worker's batch, and where its lines end.
  var text = ByteBuffer(capacity: Batch.targetSize)
  var lineEnds = FlatArray<Int>(capacity: 4096)
  /// The members that the worker has to compress, end to end, and where they end.
  var members = ByteBuffer(capacity: 16)
  var memberEnds = FlatArray<Int>(capacity: 16)
  var stored = ByteBuffer(capacity: 16)
  /// Quarantine rows of the worker's batch.
  var rejects = ByteBuffer(capacity: 16)
  let compressor: Compressor

  init(_ compression: Compression) throws { compressor = try Compressor(compression) }

  /// Forgets the last batch; gives back what one huge record had needed.
  func removeAll() {
    text.removeAll()
    text.trim(keeping: Batch.targetSize * 4)
    lineEnds.removeAll()
    members.trim(keeping: Batch.targetSize * 4)
    stored.trim(keeping: Batch.targetSize * 4)
  }
}

/// Writes what is kept, in the order of the input, to one file or to standard output.
///
/// Without compression the text of a batch is written as soon as the batch's turn comes, so that the
/// first output leaves while input is still coming. With it, members leave as they are complete; in
/// the format `zlib` each is a zlib stream of its own, one after the other, so that a reader has to
/// begin anew at every end. A file appears under its name when it is whole, or not at all.
///
/// Unchecked: `admit` and `drain` alone touch the members, `write` alone the files, each behind its
/// turnstile; `render` and `encode` touch what the worker owns and what never changes.
package final class StreamSink: Sink, @unchecked Sendable {
  private let compression: Compression
  private let added: Added
  private let rows: RejectRows
  private let target: AtomicFile?
  private let output: File
  private let rejectsTarget: AtomicFile?
  private var members = StreamMembers()
  private var rejects: RejectWriter
  private let screen: OutputScreen
  /// Bytes written so far.
  package private(set) var bytes = 0

  /// A sink that writes to the file `path`, or without one to standard output; rows of what is turned away go
  /// to the file `quarantine` (mode 0600, compressed if the name ends in `.gz` or `.zst`), or without one to
  /// standard error. `standardOutput` stands in for that. A terminal of `screen` gets nothing that it would
  /// obey. Throws what `Compression.check` throws, and where a file cannot be made.
  package init(
    _ disk: Disk, path: String?, standardOutput: File? = nil, compression: Compression,
    quarantine: String?, rows: RejectRows, added: Added = Added(),
    screen: OutputScreen = OutputScreen()
  ) throws {
    try compression.check()
    self.compression = compression
    self.rows = rows
    self.added = added
    var screen = screen
    if path != nil || standardOutput != nil || compression.format != .none {
      screen.isOutput = false
    }
    if quarantine != nil { screen.isErrors = false }
    self.screen = screen
    let target = try path.map { try AtomicFile(disk, path: $0) }
    let rejectsTarget = try quarantine.map { try AtomicFile(disk, path: $0, mode: 0o600) }
    output = target?.file ?? standardOutput ?? disk.standardOutput
    output.growPipe()
    let rejectsFile = rejectsTarget?.file ?? disk.standardError
    rejects = try RejectWriter(quarantine.map(CompressionFormat.init(ofQuarantineNamed:)) ?? .none)
    {
      rejectsFile
    }
    self.target = target
    self.rejectsTarget = rejectsTarget
  }

  private func worker(_ batch: Batch) -> StreamWorker {
    guard let worker = batch.attachment as? StreamWorker else {
      preconditionFailure("a batch with the attachment of another sink")
    }
    return worker
  }

  private var isPlain: Bool { compression.format == .none }

  /// Buffers and a compressor.
  package func makeAttachment() throws -> any AnyObject & SinkAttachment {
    try StreamWorker(compression)
  }

  /// Makes a line of each record that is kept.
  package func render(_ batch: Batch) throws {
    let worker = worker(batch)
    worker.removeAll()
    for index in 0..<batch.records.count where batch.records[index].verdict == .keep {
      added.append(batch, index, to: &worker.text)
      worker.text.append(UInt8(ascii: "\n"))
      if !isPlain { worker.lineEnds.append(worker.text.count) }
    }
  }

  /// Cuts text into members.
  package func admit(_ batch: Batch) throws {
    guard !isPlain else { return }
    let worker = worker(batch)
    members.admit(
      worker.text.view, lineEnds: worker.lineEnds.elements,
      complete: &worker.members, ends: &worker.memberEnds)
  }

  /// Hands out the last member.
  package func drain(_ batch: Batch) throws -> Bool {
    let worker = worker(batch)
    worker.removeAll()
    return isPlain ? false : members.end(complete: &worker.members, ends: &worker.memberEnds)
  }

  /// Compresses members, and makes rows of what was turned away.
  package func encode(_ batch: Batch) throws {
    let worker = worker(batch)
    worker.rejects.removeAll()
    rows.append(batch, to: &worker.rejects)
    worker.stored.removeAll()
    guard !isPlain else { return }
    var start = 0
    for end in worker.memberEnds.elements {
      let text = ByteView(rebasing: worker.members.view[start..<end])
      try worker.compressor.compress(text, into: &worker.stored)
      start = end
    }
  }

  /// Writes.
  package func write(_ batch: Batch) throws {
    let worker = worker(batch)
    let text = isPlain ? worker.text.view : worker.stored.view
    bytes += text.count
    guard screen.isOutput || screen.isErrors, text.count + worker.rejects.count > 0 else {
      try output.write(all: text)
      return try rejects.append(worker.rejects.view)
    }
    try screen.alone {
      var lines = ByteBuffer(capacity: 16)
      if screen.isOutput { show(text, in: &lines) } else { lines.append(text) }
      try output.write(all: lines.view)
      lines.removeAll()
      let rows = worker.rejects.view
      if screen.isErrors { show(rows, in: &lines) } else { lines.append(rows) }
      try rejects.append(lines.view)
    }
  }

  /// Appends lines as a terminal may get them.
  private func show(_ lines: ByteView, in buffer: inout ByteBuffer) {
    buffer.append(utf8: screen.shown(String(decoding: lines, as: UTF8.self)))
  }

  /// After the run: makes the files appear, the quarantine first.
  package func finish() throws {
    _ = try rejects.finish()
    try rejectsTarget?.commit()
    try target?.commit()
  }

  /// Instead of `finish`: removes what was written to files.
  package func discard() throws {
    try rejectsTarget?.discard()
    try target?.discard()
  }

  /// Instead of `finish`, where too much was turned away: makes the quarantine appear all the same.
  package func keepRejects() throws {
    _ = try rejects.finish()
    try rejectsTarget?.commit()
    try target?.discard()
  }
}

extension CompressionFormat {
  /// The format of a file of quarantine rows: what its name says, of the formats in which inputs are read.
  fileprivate init(ofQuarantineNamed name: String) {
    let format = CompressionFormat(ofFileNamed: name)
    self = format == .zlib ? .none : format
  }
}
