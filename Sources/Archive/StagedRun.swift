internal import Bytes
internal import Codec
internal import Disk

/// A run on its way into the archive: `ArchiveDirectory` tells through which states.
public final class StagedRun {
  private enum State {
    case staged, committed, ended
  }

  /// The number that its manifest will have.
  public let sequence: Int
  let folder: String
  let archive: ArchiveDirectory
  private var state = State.staged

  init(_ archive: ArchiveDirectory, sequence: Int) {
    self.archive = archive
    self.sequence = sequence
    folder = archive.stagingFolder(sequence)
  }

  /// Where to write part `index`, with mode 0644. Indices name parts in the manifest, so give them
  /// out in the order of the input.
  public func partPath(index: Int) -> String { folder + "/" + StagingNames.part(index) }

  /// Where to write the quarantine, with mode 0600.
  public var quarantinePath: String { folder + "/" + StagingNames.quarantine }

  /// Where the run's addition to the key table waits, with mode 0644.
  var keysPath: String { folder + "/" + StagingNames.keys }

  /// Where to keep text that exceeds the bound on memory; removed with everything that is staged.
  public var spillPath: String { folder + "/" + StagingNames.spill }

  // MARK: Publishing

  /// Commits the run and gives its files their names. All of them must be written and closed.
  ///
  /// An error of the kind `unfinished` tells that the run is committed and that the next one will
  /// complete it; after any other the archive is as it was.
  public func publish(
    _ facts: RunFacts, parts: [StagedPart], keys: StagedKeys? = nil,
    quarantine: StagedQuarantine?
  ) throws(ArchiveError) -> PublishedRun {
    precondition(state == .staged, "published or discarded before")
    let previous = archive.head?.digest
    let runName = PartNames.run(sequence: sequence, previous: previous, inputs: facts.inputs)
    let rows = ManifestRows(
      facts, runName: runName, parts: parts, keys: keys, quarantine: quarantine)
    let header = ManifestHeader.write(
      facts, sequence: sequence, previous: previous, runName: runName, rows: rows.tree,
      history: archive.history)
    try commit(rows.text, header)
    let head = archive.advance(to: sequence, header: header)
    do {
      try archive.rollForward(sequence, rows.moves)
    } catch {
      archive.isUnfinished = true
      throw ArchiveError(
        .unfinished, "\(error): run \(sequence) is committed, and the next run completes it")
    }
    state = .ended
    let paths = rows.moves.map(\.path).filter { !$0.hasPrefix("_trailmill/") }
    return PublishedRun(sequence: sequence, head: head, runName: runName, paths: paths)
  }

  private func commit(_ rows: [UInt8], _ header: [UInt8]) throws(ArchiveError) {
    let disk = archive.disk
    let rowsPath = archive.manifestFolder + "/" + ManifestNames.rows(sequence)
    let headerPath = archive.manifestFolder + "/" + ManifestNames.header(sequence)
    do {
      try disk.removeIfPresent(spillPath)
      try write(rows, StagingNames.rows)
      try write(header, StagingNames.header)
      try disk.syncFileSystem(containing: archive.path)
      try disk.rename(folder + "/" + StagingNames.rows, to: rowsPath)
      try disk.syncDirectory(archive.manifestFolder)
      try disk.rename(folder + "/" + StagingNames.header, to: headerPath)
      state = .committed
    } catch {
      // A failed rename may have been done all the same. Rows go only where there is no header for
      // certain; otherwise whoever opens the archive next finds out.
      guard isAbsent(headerPath) else {
        state = .committed
        throw ArchiveError(
          .unfinished, "\(error): run \(sequence) may be committed; the next run completes it if so"
        )
      }
      _ = try? disk.removeIfPresent(rowsPath)
      throw ArchiveError(wrapping: error)
    }
  }

  private func isAbsent(_ path: String) -> Bool {
    do { return try archive.disk.statIfPresent(path) == nil } catch { return false }
  }

  private func write(_ bytes: [UInt8], _ name: String) throws(DiskError) {
    let file = try archive.disk.createTruncating(folder + "/" + name)
    try bytes.withUnsafeBufferPointer { (view) throws(DiskError) in try file.write(all: view) }
    try file.close()
  }

  // MARK: Giving up

  /// Removes what is staged. Does nothing once the run is committed.
  public func discard() throws(ArchiveError) {
    guard state == .staged else { return }
    state = .ended
    // Where a signal ends the run, workers may still be making parts: under its new name they find
    // no folder any more, and the removal has an end.
    let leaving = folder + ".leaving"
    let isMoved = (try? archive.disk.rename(folder, to: leaving)) != nil
    do { try archive.disk.removeTree(isMoved ? leaving : folder) } catch {
      throw ArchiveError(wrapping: error)
    }
  }

  /// Keeps the quarantine of a run that is not published, and returns its path, which depends on
  /// the contents alone. Discard the run afterwards.
  public func keepAsFailed(_ quarantine: StagedQuarantine) throws(ArchiveError) -> String {
    precondition(state == .staged, "published or discarded before")
    let disk = archive.disk
    let directory = archive.path + "/_trailmill/failed"
    let name = "\(ManifestNames.number(sequence))-\(quarantine.sha256.hex.prefix(16)).rejects.gz"
    do {
      try disk.makeDirectories(directory)
      let file = try disk.open(quarantinePath)
      try file.sync()
      try file.close()
      try disk.rename(quarantinePath, to: directory + "/" + name)
      try disk.syncDirectory(directory)
    } catch { throw ArchiveError(wrapping: error) }
    return directory + "/" + name
  }
}
