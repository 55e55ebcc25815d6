internal import Settings
internal import Crypto
internal import History
internal import Archive
internal import Bytes
internal import Definition
internal import Disk
internal import Engine
internal import Intake
internal import Stages
internal import Trail

/// Takes out of an archive what a run has made again: the events of a window of time.
///
/// Parts that reach into the window retire. Their records outside of it move to parts of this commit,
/// byte for byte; those inside must all have been made again, or the run refuses: a replacement may add
/// deliveries, and never loses one.
struct WindowReplacement {
  let definition: PipelineDefinition
  let memory: ArchiveMemory
  let window: TimeWindow
  let disk: Disk
  let environment: [String: String]

  /// Deliveries that are named in the message of a refusal, at most: 3.
  private static let named = 3

  /// Adds to `commit` what retires and what moves.
  func complete(_ commit: inout Commit, _ held: HeldArchive) throws {
    let (archive, run, output) = (held.archive, held.run, held.output)
    let files = try LiveFiles(archive.manifests)
    let affected = files.all(.part).filter { reaches($0) }
    guard !affected.isEmpty else { return }
    try requireNoHold(affected, files)
    let own = definition.input.dialect
    if let other = affected.first(where: { !own.follows(files.dialect(of: $0)) }) {
      throw UsageError(
        "the window was archived under another dialect: \(other.row.path): replace it with the "
          + "definition's dialect as it was then")
    }
    let builder = try PartBuilder(
      run.place, compression: output.compression, partSize: output.partSize,
      firstIndex: (commit.parts.map(\.index).max() ?? -1) + 1,
      pointers: own.pointers.filter { !$0.value.isEmpty }, times: own.times)
    var identities: [AddedMembers: CompiledPlan] = [:]
    var lost = 0
    var examples: [String] = []
    for part in affected {
      let place = archive.path + "/" + part.row.path
      // Whatever lies there is not unpacked before it is known to be what was committed.
      try archive.manifests.requireCommitted(part)
      let added = files.added(to: part)
      let identity =
        try identities[added]
        ?? definition.compileIdentity(of: added, disk: disk, environment: environment)
      identities[added] = identity
      try builder.begin(
        parent(of: part.row.path), added, addedBy: files.commitThatAdded(to: part))
      let found = try scan(place, part, identity, added, builder)
      lost += found.lost
      examples += found.examples.prefix(WindowReplacement.named - examples.count)
      commit.copied += found.moved
      commit.retired += [part.retired(.replaced)].compactMap { $0 }
    }
    try builder.end()
    guard lost == 0 else { throw refusal(lost, examples) }
    commit.parts += builder.parts
    commit.retired += files.orphanedIndexes(commit.retired, .replaced)
    commit.files[.index] = try run.stageIndex(adding: builder, to: commit.files[.index])
    commit.facts.counts.read += commit.copied
    commit.facts.counts.written += commit.copied
  }

  private func reaches(_ part: LiveFile) -> Bool {
    guard let first = part.row.firstTime, let last = part.row.lastTime else { return false }
    return window.mayMeet(first, last)
  }

  private func requireNoHold(_ parts: [LiveFile], _ files: LiveFiles) throws {
    for hold in files.holds.values.sorted(by: { $0.name < $1.name }) {
      guard hold.window.intersects(window),
        let part = parts.first(where: { hold.protects($0.row.firstTime, $0.row.lastTime) })
      else { continue }
      throw UsageError(
        "the window is held (\(hold.name)): \(part.row.path): release the hold, or choose another "
          + "window")
    }
  }

  private func scan(
    _ path: String, _ part: LiveFile, _ identity: CompiledPlan, _ added: AddedMembers,
    _ builder: PartBuilder
  ) throws -> (moved: Int, lost: Int, examples: [String]) {
    var settings = InputSettings()
    settings.format = .ndjson
    settings.envelope = .never
    settings.maxRecord = InputSettings.largestRecord
    let source = try InputSource(
      disk: disk, inputs: [path], settings: settings, digestsInputs: true, tailWaits: false)
    let batch = Batch(
      pointers: identity.pointers, slotCount: Added.slotCount, labelCount: identity.labelCount)
    var (moved, lost, records) = (0, 0, 0)
    var examples: [String] = []
    while try source.fill(batch) {
      for (number, step) in identity.steps.enumerated() {
        if case .pure(let stage) = step { try stage.process(batch, step: number) }
      }
      records += batch.records.count
      for index in 0..<batch.records.count {
        let record = batch.records[index]
        let line = batch.bytes[record.raw]
        let time = record.time == Record.noTime ? nil : record.time
        if let time, window.contains(time) {
          guard !wasMadeAgain(batch, index, added) else { continue }
          lost += 1
          if examples.count < WindowReplacement.named {
            examples.append(SHA256.digest(line).hex)
          }
        } else {
          try builder.append(line)
          moved += 1
        }
      }
      batch.clear()
    }
    guard source.facts.first?.digest == part.row.sha256, records == part.row.records else {
      throw ArchiveError(
        .damaged,
        "a part is not the one that was committed: \(path): run `trailmill verify`, and restore it")
    }
    return (moved, lost, examples)
  }

  /// True if this run wrote the delivery that an archived record stands for: by the digest of the event, or
  /// by the one that trailmill noted of a delivery, whose event a stage may have altered since. An event that
  /// can have brought such a note itself may be all its own.
  private func wasMadeAgain(_ batch: Batch, _ index: Int, _ added: AddedMembers) -> Bool {
    let digest = Int(batch.records[index].digest)
    if digest >= 0, memory.wasWritten(batch.digests[digest]) { return true }
    let delivery = batch[.delivery, index]
    guard !delivery.isEmpty else { return false }
    guard added.mayBringDelivery else {
      return DeliveryMember.bodyDigest(batch.bytes[delivery]).map { memory.wasWritten($0) } ?? false
    }
    let start = Int(batch.records[index].body.start)
    var hasher = SHA256Hasher()
    hasher.update(batch.bytes[Span32(start, count: delivery.end - start)])
    hasher.update(UInt8(ascii: "}"))
    return memory.wasWritten(hasher.finalize())
  }

  private func refusal(_ lost: Int, _ examples: [String]) -> UsageError {
    let (deliveries, them) = lost == 1 ? ("delivery", "it") : ("deliveries", "them")
    return UsageError(
      "\(lost) archived \(deliveries) of the window would be lost, as the inputs do not hold \(them) "
        + "(records with the SHA-256 \(examples.joined(separator: ", "))): give all inputs of the "
        + "window: nothing was published")
  }
}
