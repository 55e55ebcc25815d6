internal import Bytes
internal import Codec
internal import Disk
internal import Engine
internal import Synchronization
internal import Trail

/// Makes the index of parts that have none, or none that can be trusted.
public struct IndexMending: Sendable {
  /// Parts without an index.
  public let parts: [LiveFile]
  private let files: LiveFiles
  private let damaged: [RetiredFile]

  /// Looks at what there is.
  public init(_ history: ArchiveHistory, _ files: LiveFiles) {
    let all = files.all(.part)
    let indexes = SearchIndexes(history, files, of: all)
    self.files = files
    parts = all.filter { indexes[$0] == nil }
    let unusable = Set(indexes.unusable)
    damaged = files.all(.index).filter { unusable.contains($0.row.path) }
      .compactMap { $0.retired(.replaced) }
  }

  /// Stages the index, and adds it and what it replaces to `commit`.
  public func stage(_ run: StagedRun, _ commit: inout Commit, threads: Int) throws {
    let made = Mutex([IndexBlock?](repeating: nil, count: parts.count))
    let place = run.place
    try Parallel.forEach(parts.count, threads: threads) { number in
      let block = try block(of: parts[number], place)
      made.withLock { $0[number] = block }
    }
    let blocks = zip(made.withLock { $0 }, parts).compactMap { block, part in
      block.map { (block: $0, sequence: part.sequence) }
    }
    commit.index = try run.stageIndex(blocks)
    commit.retired += damaged
  }

  private func block(of part: LiveFile, _ place: StagingPlace) throws -> IndexBlock? {
    guard let number = part.row.staged.flatMap(StagingNames.partNumber) else { return nil }
    let event = try ArchivedEvent(files.dialect(of: part).pointers)
    var maker = try PartIndexMaker(event)
    try maker.read(place.disk, place.archive + "/" + part.row.path, part.row)
    var block = ByteBuffer(capacity: 1 << 12)
    maker.appendBlock(to: &block)
    return IndexBlock(number: number, members: maker.members, bytes: block.bytes)
  }
}

/// Reads a part from its beginning, member by member.
private struct PartIndexMaker: ~Copyable {
  private static let chunk = 256 << 10

  private let event: ArchivedEvent
  private var collector: TermCollector
  private var builder = PartIndexBuilder()
  private var inflater: Inflater
  private var text = ByteBuffer(capacity: PartIndexMaker.chunk)

  init(_ event: ArchivedEvent) throws(CodecError) {
    self.event = event
    collector = TermCollector(event)
    inflater = try Inflater()
  }

  var members: Int { builder.members }

  func appendBlock(to block: inout ByteBuffer) { builder.appendBlock(to: &block) }

  mutating func read(_ disk: Disk, _ path: String, _ row: ManifestRow) throws {
    let file = try disk.open(path)
    var hasher = SHA256Hasher()
    var stored = ByteBuffer(capacity: PartIndexMaker.chunk)
    let isGzip = path.hasSuffix(".gz")
    while true {
      stored.removeAll()
      guard try file.read(into: &stored, upTo: PartIndexMaker.chunk) > 0 else { break }
      hasher.update(stored.view)
      if isGzip {
        do { try inflate(stored.view) } catch {
          throw PartIndexMaker.altered(path, error.message)
        }
      } else {
        text.append(stored.view)
        takeLines()
      }
    }
    guard hasher.finalize() == row.sha256, text.count == 0 else {
      throw PartIndexMaker.altered(path, "its digest is another")
    }
    if !isGzip { endMember(at: row.bytes) }
    try file.close()
  }

  private static func altered(_ path: String, _ how: String) -> ArchiveError {
    ArchiveError(
      .damaged,
      "a part is not the one that was committed (\(how)): \(path): run `trailmill verify`")
  }

  private mutating func inflate(_ stored: ByteView) throws(CodecError) {
    var at = 0
    while true {
      let rest = ByteView(rebasing: stored[at...])
      let step = try inflater.inflate(rest, into: &text, limit: PartIndexMaker.chunk)
      at += step.consumed
      takeLines()
      switch step.state {
      case .memberEnd: endMember(at: Int64(inflater.consumed))
      case .needsInput: return
      case .outputFull: continue
      }
    }
  }

  private mutating func takeLines() {
    var start = 0
    while let end = text.view[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = ByteView(rebasing: text.view[start..<end])
      collector.add(line)
      let time = event.time
      builder.count(
        text: end + 1 - start, records: 1, earliest: time ?? .max, latest: time ?? .min,
        hasTimeless: time == nil)
      start = end + 1
    }
    text.removeFirst(start)
  }

  private mutating func endMember(at end: Int64) {
    builder.add(
      UnsafeBufferPointer(collector.terms.elements),
      blocks: UnsafeBufferPointer(collector.blocks.elements))
    builder.endMember(at: end)
    collector.removeAll()
  }
}
