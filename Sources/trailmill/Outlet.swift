internal import Codec
internal import History
internal import Output
internal import Archive
internal import Bytes
internal import Definition
internal import Disk
internal import Engine
internal import Trail

/// What was put out.
struct Delivery {
  var parts = 0
  var bytes = 0
  /// Versions of keys that are new in the key table.
  var newKeys = 0
  /// Parts that were taken out.
  var retired = 0
  var run: String?
  var head: String?
}

/// Where the records of a run go: an archive or a stream, behind one face.
protocol Outlet {
  /// The sink for the engine.
  var sink: any Sink { get }
  /// What people call the place.
  var place: String { get }
  /// Events that were kept though they have no usable time.
  var withoutTime: Int { get }
  /// Bytes that left already and cannot be taken back.
  var bytesGone: Int { get }
  /// Makes the output visible. `facts` are what the run was, `keys` those that its records refer to.
  func publish(_ facts: RunFacts, keys: [ReferencedKey]) throws -> Delivery
  /// Leaves nothing visible; returns where the quarantine was kept, if it was asked to be.
  func abandon(keepingQuarantine: Bool) throws -> String?
  /// What would have been put out.
  func rehearse() throws -> Delivery
}

/// Partitions, manifest, quarantine.
struct ArchiveOutlet: Outlet {
  let archive: ArchiveDirectory
  let run: StagedRun
  private let parts: ArchiveSink
  private let memory: ArchiveMemory?
  private let desk: SignalDesk?
  private let signer: ManifestSigner?
  private let output: PipelineDefinition.ArchiveOutput
  private let rehearsal: RehearsalFolders?
  /// Retires what the run replaces; nil if it only adds.
  var replacement: WindowReplacement?
  /// What retires because the run reads it again.
  var retried: [RetiredFile] = []

  /// `memory` is what `deduplicate` asks, if there is such a stage, and `desk` what `flag_signals` does.
  init(
    _ disk: Disk, _ output: PipelineDefinition.ArchiveOutput, layout: BoundLayout,
    dialect: Dialect, rows: RejectRows, isRehearsal: Bool, memory: ArchiveMemory?,
    desk: SignalDesk?, signer: ManifestSigner?, mustExist: Bool = false
  ) throws {
    try output.compression.checkForArchive()
    self.output = output
    self.memory = memory
    self.desk = desk
    self.signer = signer
    rehearsal = isRehearsal ? try RehearsalFolders(disk, archive: output.path) : nil
    archive = try ArchiveDirectory(disk: disk, path: output.path, mustExist: mustExist)
    if signer == nil { try ArchiveOutlet.requireNoSignature(archive) }
    run = try archive.beginRun()
    try memory?.open(run)
    try desk?.open(run, isRehearsal: isRehearsal)
    parts = try ArchiveSink(
      disk, run: run,
      PartSettings(
        layout: layout, partSize: output.partSize, compression: output.compression,
        pointers: dialect.pointers),
      rows: rows)
  }

  /// Whoever signs once has to go on: a manifest without a signature after one with it looks like a
  /// forgery.
  static func requireNoSignature(_ archive: ArchiveDirectory) throws {
    guard archive.signingKey == nil else {
      throw UsageError(
        "the archive's manifests are signed: \(archive.path): give the key (signing_key in the "
          + "definition's output, --signing-key elsewhere)")
    }
  }

  var sink: any Sink { parts }
  var place: String { archive.path }
  var withoutTime: Int { parts.withoutTime }
  var bytesGone: Int { 0 }

  func publish(_ facts: RunFacts, keys: [ReferencedKey]) throws -> Delivery {
    let staged = try parts.finish()
    var commit = Commit(facts)
    commit.parts = staged.parts
    commit.files = staged.files
    try replacement?.complete(&commit, archive, run, output)
    commit.retired += retried
    if commit.facts.counts.read == 0 && commit.retired.isEmpty && !output.heartbeat {
      try run.discard()
      try desk?.deliver(nil)
      return Delivery(head: archive.head?.digest.hex)
    }
    commit.files[.keys] = try run.stageKeys(keys)
    if let digests = try memory?.finish() {
      commit.files[.digests] = digests.file
      commit.retired += digests.merged
    }
    try desk?.complete(&commit)
    let published = try run.publish(commit, signer: signer)
    try desk?.deliver(published.files[.signals].map { archive.path + "/" + $0 })
    return Delivery(
      parts: published.parts, bytes: ArchiveOutlet.bytes(commit.parts),
      newKeys: commit.files[.keys]?.records ?? 0, retired: commit.retired.filter(\.isPart).count,
      run: published.runName, head: published.head.hex)
  }

  func abandon(keepingQuarantine: Bool) throws -> String? {
    desk?.discard()
    var kept: String?
    if keepingQuarantine, let quarantine = try parts.finish().files[.quarantine] {
      kept = try run.keepAsFailed(quarantine)
    }
    try run.discard()
    try rehearsal?.remove()
    // Whoever tries again in this process needs the lock.
    try archive.close()
    return kept
  }

  func rehearse() throws -> Delivery {
    let staged = try parts.finish()
    try run.discard()
    try rehearsal?.remove()
    return Delivery(
      parts: staged.parts.count, bytes: ArchiveOutlet.bytes(staged.parts),
      head: archive.head?.digest.hex)
  }

  private static func bytes(_ parts: [StagedPart]) -> Int {
    parts.reduce(0) { $0 + Int($1.bytes) }
  }
}

/// The folders that a rehearsal has to make for an archive that is not there. They go away again,
/// but for what somebody else put into them.
private struct RehearsalFolders {
  private let disk: Disk
  /// From the innermost outwards.
  private let made: [String]

  init(_ disk: Disk, archive: String) throws(DiskError) {
    self.disk = disk
    var made: [String] = []
    var folder = archive + "/_trailmill"
    while try disk.statIfPresent(folder) == nil {
      made.append(folder)
      folder = parent(of: folder)
    }
    self.made = made
  }

  func remove() throws(DiskError) {
    guard let state = made.first else { return }
    try disk.removeTree(state)
    for folder in made.dropFirst() {
      guard try disk.removeDirectoryIfEmpty(folder) else { return }
    }
  }
}

/// One file, or standard output.
struct StreamOutlet: Outlet {
  private let stream: StreamSink
  private let desk: SignalDesk?
  let place: String
  private let quarantine: String?
  private let isStandardOutput: Bool

  /// A rehearsal writes the records nowhere.
  init(
    _ disk: Disk, path: String?, _ output: PipelineDefinition.StreamOutput, rows: RejectRows,
    desk: SignalDesk?, isRehearsal: Bool
  ) throws {
    self.desk = desk
    for place in [path, output.quarantine].compactMap({ $0 }) {
      try StreamOutlet.requireNoFolder(place, disk)
    }
    stream = try StreamSink(
      disk, path: path, standardOutput: isRehearsal ? disk.openAppending("/dev/null") : nil,
      compression: output.compression, quarantine: output.quarantine, rows: rows)
    place = path ?? "standard output"
    quarantine = output.quarantine
    isStandardOutput = path == nil && !isRehearsal
    if !isRehearsal { try desk?.openForStream() }
  }

  /// A file is written aside and takes its name at the end; a device or pipe is written as it is.
  private static func requireNoFolder(_ path: String, _ disk: Disk) throws {
    guard try disk.statIfPresent(path)?.kind == .directory else { return }
    throw UsageError("the output is a folder: \(path): name a file, or use an archive")
  }

  var sink: any Sink { stream }
  var withoutTime: Int { 0 }
  var bytesGone: Int { isStandardOutput ? stream.bytes : 0 }

  func publish(_ facts: RunFacts, keys: [ReferencedKey]) throws -> Delivery {
    try stream.finish()
    try desk?.finish()
    return Delivery(bytes: stream.bytes)
  }

  func abandon(keepingQuarantine: Bool) throws -> String? {
    desk?.discard()
    guard keepingQuarantine, let quarantine else {
      try stream.discard()
      return nil
    }
    try stream.keepRejects()
    return quarantine
  }

  func rehearse() throws -> Delivery {
    try stream.discard()
    return Delivery(bytes: stream.bytes)
  }
}
