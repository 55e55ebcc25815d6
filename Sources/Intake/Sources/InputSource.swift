internal import Bytes
package import Disk
package import Engine
internal import Synchronization

/// Records from files, folders, patterns and standard input, one input after the other.
package final class InputSource: Source {
  /// How records stand in inputs of whose documents they are taken out, as manifests say it.
  package static let recordsFormat = "records"

  /// The inputs in the order of reading, by their number in `Batch.input`; `-` is standard input.
  package var names: [String] { inputs.paths }
  /// Names in folders that were left out because they begin with `.` or `_`, or are no files.
  package var skipped: Int { inputs.skipped + leftOut.count }
  /// Patterns that match nothing.
  package var unmatchedPatterns: [String] { inputs.unmatched }
  /// Bytes of all inputs, as stored; nil if that of one cannot be told.
  package var totalSize: Int? { inputs.totalSize }
  /// How far the reading is.
  package let progress = InputProgress()

  private let inputs: InputList
  private let disk: Disk
  private let settings: InputSettings
  private let digestsInputs: Bool
  private let tail: TailPolicy
  private let finished = Mutex<[InputFacts]>([])
  /// What earlier runs have to do with the inputs, by their number.
  private let histories: [Int: InputHistory]
  private let pipes: PipeRecognition?
  /// Inputs that were found and went away before they were read.
  private let vanished = Mutex<[LeftOut]>([])
  private var next = 0
  private var current: (stream: InputStream, framer: any Framer)?
  /// Bytes of the byte order mark of the current input.
  private var markBytes = 0

  /// A source of the files that `inputs` found; nothing is read yet. `histories` says what earlier runs
  /// have to do with them, by their number; `pipes` tells it of those that come once. `digestsInputs` has the
  /// SHA-256 of each taken; `tailWaits` is what an incomplete end means where the settings leave that open.
  package init(
    disk: Disk, inputs: InputList, histories: [Int: InputHistory] = [:],
    pipes: PipeRecognition? = nil, settings: InputSettings, digestsInputs: Bool, tailWaits: Bool
  ) {
    self.inputs = inputs
    self.pipes = pipes
    self.histories = histories
    self.disk = disk
    self.settings = settings
    self.digestsInputs = digestsInputs
    tail = settings.tail ?? (tailWaits ? .wait : .quarantine)
  }

  /// A source of what `inputs` name; see `InputList` for `published`. Throws `IntakeError` if a path that is
  /// given does not exist, `DiskError` if a folder cannot be read.
  package convenience init(
    disk: Disk, inputs: [String], published: PublishedFiles = { _ in nil }, settings: InputSettings,
    digestsInputs: Bool, tailWaits: Bool
  ) throws {
    self.init(
      disk: disk, inputs: try InputList(inputs, disk, published: published), settings: settings,
      digestsInputs: digestsInputs, tailWaits: tailWaits)
  }

  /// Bytes read so far, as stored; any thread may ask.
  package var bytesRead: Int { progress.bytesRead }

  /// What is known about the inputs that were read to their end, in their order.
  package var facts: [InputFacts] { finished.withLock { $0 } }

  /// What was found and is not among what is read: complete when the run has ended.
  package var leftOut: [LeftOut] { inputs.leftOut + vanished.withLock { $0 } }

  /// Puts whole lines or framed records of one input into an empty batch.
  package func fill(_ batch: Batch) throws -> Bool {
    while !progress.isCancelled {
      if current == nil {
        guard next < names.count else { return false }
        next += 1
        if case .known = histories[next - 1] { continue }
        current = try open(next - 1)
      }
      guard let (stream, framer) = current else { continue }
      batch.input = next - 1
      let isFilled = try framer.fill(batch)
      if progress.isCancelled { break }
      if isFilled { return true }
      batch.clear()
      current = nil
      try close(stream, framer)
    }
    batch.clear()
    return false
  }

  /// Ends a wait for data.
  package func cancel() { progress.cancel() }

  private func close(_ stream: InputStream, _ framer: any Framer) throws {
    var facts = try stream.finish(pending: framer.pendingBytes)
    let published = inputs.digest(of: facts.name)
    guard published == nil || facts.digest == published else {
      throw IntakeError.notAsPublished(facts.name)
    }
    facts.number = next - 1
    facts.format = framer.format
    facts.documentsWithoutRecords = framer.documentsWithoutRecords
    facts.documentsWithRecords = framer.documentsWithRecords
    facts.syntaxBytes = framer.syntaxBytes + markBytes
    facts.besideBytes = framer.besideBytes
    finished.withLock { [facts] in $0.append(facts) }
  }

  /// Opens an input; nil if there is nothing to read in it.
  private func open(_ number: Int) throws -> (InputStream, any Framer)? {
    guard let bytes = try openBytes(number) else { return nil }
    // Whatever lies there is not unpacked before it is known to be what was committed.
    if let published = inputs.digest(of: names[number]), try bytes.digest() != published {
      throw IntakeError.notAsPublished(names[number])
    }
    var history = histories[number]
    if bytes.isStreaming, let pipes {
      bytes.keep(spillPath: pipes.spillPath)
      history = try pipes.history(number, TextProbe(bytes), facts)
      bytes.rewind()
    }
    var continuation: InputContinuation?
    switch history {
    case .known:
      try bytes.close()
      return nil
    case .continued(let place): continuation = place
    case nil: break
    }
    let stream = try InputStream(
      bytes, damaged: settings.damaged,
      isDigested: digestsInputs || inputs.digest(of: names[number]) != nil,
      continuation: continuation)
    return (stream, try framer(stream, continuation))
  }

  /// An input's bytes; nil if it was found and is not there any more.
  private func openBytes(_ number: Int) throws -> StoredBytes? {
    let name = names[number]
    do { return try StoredBytes(disk, name, progress) } catch let error as DiskError {
      if error.isMissing, let bytes = try moved(name) { return bytes }
      guard error.leadsNowhere, inputs.isFound(name), inputs.digest(of: name) == nil else {
        throw error
      }
      vanished.withLock { $0.append(LeftOut(name, .vanished)) }
      return nil
    }
  }

  /// The bytes of a file that an archive has published, and moved since.
  private func moved(_ name: String) throws -> StoredBytes? {
    for place in inputs.otherPlaces(of: name)
    where try disk.linkStatIfPresent(place)?.kind == .regular {
      do { return try StoredBytes(disk, place, named: name, progress) } catch let error as DiskError
      { guard error.isMissing else { throw error } }
    }
    return nil
  }

  private func framer(
    _ stream: InputStream, _ continuation: InputContinuation?
  ) throws -> any Framer {
    var beginning = InputBeginning(stream)
    if continuation == nil { try beginning.skipByteOrderMark() }
    markBytes = beginning.offset
    let foreign = continuation == nil ? try beginning.foreignFormat() : nil
    let offset = (continuation?.text ?? 0) + beginning.offset
    let feed = Feed(
      stream, beginning.bytes(), at: offset, settings,
      // What came through a pipe comes once: the next run could not read it again.
      tailWaits: tail == .wait && !stream.isStreaming)
    // What nobody said is not pinned by what an earlier run saw.
    let format = settings.format == .auto ? .auto : continuation?.format ?? settings.format
    return framer(feed, format, foreign)
  }

  private func framer(
    _ feed: Feed, _ format: InputFormat, _ foreign: ForeignFormat?
  ) -> any Framer {
    if let foreign { return WalkerFramer(feed, ForeignWalker(foreign, hold: feed.hold)) }
    if let records = settings.records {
      return WalkerFramer(
        feed, DocumentWalker(format: .concatenated, records: records, feed.limit, hold: feed.hold))
    }
    return switch format {
    case .ndjson: LineFramer(feed)
    case .auto: WalkerFramer(feed, MixedWalker(feed.limit, hold: feed.hold))
    case .array, .concatenated:
      WalkerFramer(feed, DocumentWalker(format: format, records: nil, feed.limit, hold: feed.hold))
    }
  }
}
