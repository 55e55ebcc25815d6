internal import Crypto
package import History
internal import Bytes
package import Disk

/// A run on its way into the archive: `ArchiveDirectory` tells through which states.
package final class StagedRun {
  private enum State {
    case staged, committed, ended
  }

  /// The number that its manifest will have.
  package let sequence: Int
  let archive: ArchiveDirectory
  private let staging: StagingFolder
  private var state = State.staged

  fileprivate init(_ archive: ArchiveDirectory, sequence: Int) throws {
    self.archive = archive
    self.sequence = sequence
    staging = try StagingFolder(archive.disk, archive: archive.path, sequence: sequence)
  }

  var folder: String { staging.path }

  /// Where to write part `index`, with mode 0644. Indices name parts in the manifest, so give them
  /// out in the order of the input.
  package func partPath(index: Int) -> String { place.partPath(index) }

  /// Where it writes.
  package var place: StagingPlace {
    StagingPlace(disk: archive.disk, folder: folder, history: archive.manifests)
  }

  /// Where its file of a kind waits.
  package func path(of kind: FileKind) -> String { folder + "/" + kind.stagedName }

  /// Makes its file of a kind, empty; of several, the one with a number from 0 on.
  package func create(_ kind: FileKind, _ number: Int = 0) throws(DiskError) -> File {
    try archive.disk.createTruncating(folder + "/" + kind.stagedName(number), mode: kind.mode)
  }

  /// Where to keep text that exceeds the bound on memory; removed with everything that is staged.
  var spillPath: String { folder + "/" + StagingNames.spill }
  /// Where to keep what waits for the index and exceeds the bound on memory.
  var indexSpillPath: String { folder + "/" + StagingNames.indexSpill }

  /// Where to keep what has to be looked at before it is read.
  package var inputSpillPath: String { folder + "/" + StagingNames.inputSpill }

  /// Where the run's digests are collected, in the order of its records.
  var journalPath: String { folder + "/" + StagingNames.journal }

  /// Where what the run looks at of earlier runs' digests is copied to.
  var digestCopyPath: String { folder + "/" + StagingNames.digestCopy }

  // MARK: Publishing

  /// Commits the run and gives its files their names. All of them must be written and closed.
  ///
  /// An error of the kind `unfinished` tells that the run is committed and that the next one will
  /// complete it; after any other the archive is as it was.
  package func publish(
    _ commit: Commit, signer: ManifestSigner? = nil
  ) throws(ArchiveError) -> PublishedRun {
    precondition(state == .staged, "published or discarded before")
    try archive.checkLock()
    var commit = commit
    let runName = RunName.make(
      sequence: sequence, previous: archive.head?.digest, inputs: commit.facts.inputs)
    let rows: ManifestRows
    let header: [UInt8]
    let signature: [UInt8]?
    do {
      try stageCheckpoint(&commit)
      rows = ManifestRows(
        commit, sequence: sequence, runName: runName,
        signingKey: try signer?.change(from: archive.signingKey))
      header = self.header(commit, runName, rows, signer)
      signature = try header.withUnsafeBufferPointer { try signer?.sign($0) }
    } catch { throw ArchiveError(beforeCommit: error) }
    try commitFiles(rows.text, header, signature)
    let head: Digest256
    do {
      head = try archive.advance(to: sequence, header: header, rows: rows.text)
      try archive.rollForward(sequence, rows.moves, leaving: rows.leaving)
      try staging.close()
    } catch {
      archive.isUnfinished = true
      _ = try? staging.close()
      throw ArchiveError(
        .unfinished, "\(error): run \(sequence) is committed, and the next run completes it")
    }
    state = .ended
    var files: [FileKind: String] = [:]
    for move in rows.moves where move.kind != .part { files[move.kind] = move.path }
    return PublishedRun(
      sequence: sequence, head: head, runName: runName,
      paths: rows.moves.filter { $0.kind == .part }.map(\.path), files: files)
  }

  /// Stages a checkpoint if one is due, and retires the last one.
  private func stageCheckpoint(_ commit: inout Commit) throws {
    guard archive.state.isCheckpointDue(sequence) else { return }
    let (text, rows) = archive.state.checkpointText()
    commit.files[.checkpoint] = try stage(text, as: .checkpoint, records: rows)
    if let last = archive.state.checkpointRow?.retired(.superseded) { commit.retired.append(last) }
  }

  /// Writes the whole of a file of a kind.
  func stage(_ text: [UInt8], as kind: FileKind, records: Int) throws(DiskError) -> StagedFile {
    try write(text, to: try create(kind))
    return StagedFile(
      bytes: Int64(text.count), sha256: text.withUnsafeBufferPointer { SHA256.digest($0) },
      records: records)
  }

  private func header(
    _ commit: Commit, _ runName: String, _ rows: ManifestRows, _ signer: ManifestSigner?
  ) -> [UInt8] {
    let checkpoint = commit.files[.checkpoint].map {
      CheckpointName(sequence: sequence, sha256: $0.sha256)
    }
    let links = HeaderLinks(
      sequence: sequence, previous: archive.head?.digest, runName: runName,
      checkpoint: checkpoint ?? archive.state.checkpoint, signingKey: signer?.publicKey)
    return ManifestHeader.write(commit, links, rows: rows.tree, history: archive.history)
  }

  private func commitFiles(
    _ rows: [UInt8], _ header: [UInt8], _ signature: [UInt8]?
  ) throws(ArchiveError) {
    let disk = archive.disk
    let manifests = archive.manifestFolder + "/"
    let headerPath = manifests + ManifestNames.header(sequence)
    var named: [String] = []
    let staged: FileStatus
    do {
      try disk.removeIfPresent(spillPath)
      try disk.removeIfPresent(indexSpillPath)
      try write(rows, StagingNames.rows)
      try write(header, StagingNames.header)
      if let signature { try write(signature, StagingNames.signature) }
      try archive.durability.syncContents(of: folder, below: archive.path)
      staged = try disk.linkStat(folder + "/" + StagingNames.header)
      try name(StagingNames.rows, manifests + ManifestNames.rows(sequence), &named)
      if signature != nil {
        try name(StagingNames.signature, manifests + ManifestNames.signature(sequence), &named)
      }
      try disk.syncDirectory(archive.manifestFolder)
      try archive.checkLock()
    } catch {
      for path in named { _ = try? disk.removeIfPresent(path) }
      throw ArchiveError(beforeCommit: error)
    }
    try nameHeader(staged, headerPath, named)
  }

  /// Gives the rows or the signature its name, which is added to `named`, unless that is another's.
  private func name(_ staged: String, _ path: String, _ named: inout [String]) throws {
    do { try archive.disk.renameExclusively(folder + "/" + staged, to: path) } catch {
      guard !error.isTaken else { throw isTaken }
      // It may have been done all the same.
      named.append(path)
      throw error
    }
    named.append(path)
  }

  /// Gives the header its name: with that the run is committed. `named` goes if it is not.
  private func nameHeader(
    _ staged: FileStatus, _ path: String, _ named: [String]
  ) throws(ArchiveError) {
    let disk = archive.disk
    do {
      try disk.renameExclusively(folder + "/" + StagingNames.header, to: path)
    } catch {
      let there = try? disk.linkStatIfPresent(path)
      if error.isTaken, let there {
        // A network file system may say so of what it has done itself.
        guard there.isSameFile(as: staged) else { throw isTaken }
        state = .committed
        return
      }
      // A failed rename may have been done all the same. Rows go only where there is no header for
      // certain; otherwise whoever opens the archive next finds out.
      guard isAbsent(path) else {
        state = .committed
        _ = try? staging.close()
        throw ArchiveError(
          .unfinished, "\(error): run \(sequence) may be committed; the next run completes it if so"
        )
      }
      for path in named { _ = try? disk.removeIfPresent(path) }
      throw ArchiveError(beforeCommit: error)
    }
    state = .committed
  }

  /// Another run has come first, though this one held the lock.
  private var isTaken: ArchiveError {
    ArchiveError(
      .fault,
      "another run has committed number \(sequence) meanwhile: \(archive.path): nothing was published; read "
        + "the input again")
  }

  private func isAbsent(_ path: String) -> Bool {
    do { return try archive.disk.statIfPresent(path) == nil } catch { return false }
  }

  private func write(_ bytes: [UInt8], _ name: String) throws(DiskError) {
    try write(bytes, to: try archive.disk.createTruncating(folder + "/" + name))
  }

  private func write(_ bytes: [UInt8], to file: File) throws(DiskError) {
    try bytes.withUnsafeBufferPointer { (view) throws(DiskError) in try file.write(all: view) }
    try file.close()
  }

  // MARK: Giving up

  /// Removes what is staged. Does nothing once the run is committed.
  package func discard() throws(ArchiveError) {
    guard state == .staged else { return }
    state = .ended
    // Where a signal ends the run, workers may still be making parts: under its new name they find
    // no folder any more, and the removal has an end.
    let leaving = folder + ".leaving"
    let isMoved = (try? archive.disk.rename(folder, to: leaving)) != nil
    do {
      try archive.disk.removeTree(isMoved ? leaving : folder)
      try staging.close()
    } catch {
      throw ArchiveError(beforeCommit: error)
    }
  }

  /// Keeps the quarantine of a run that is not published, and returns its path, which depends on
  /// the contents alone. Discard the run afterwards.
  package func keepAsFailed(_ quarantine: StagedFile) throws(ArchiveError) -> String {
    precondition(state == .staged, "published or discarded before")
    let disk = archive.disk
    let directory = archive.path + "/" + ArchiveNames.failed
    let digest = quarantine.sha256.hex.prefix(16)
    let name =
      "\(ManifestNames.number(sequence))-\(digest)\(FileKind.quarantine.fileExtension)"
    do {
      try disk.makeDirectories(directory)
      let file = try disk.open(path(of: .quarantine))
      try file.sync()
      try file.close()
      try disk.rename(path(of: .quarantine), to: directory + "/" + name)
      try disk.syncDirectory(directory)
    } catch { throw ArchiveError(beforeCommit: error) }
    return directory + "/" + name
  }
}

extension ArchiveDirectory {
  /// Starts a run. Only one can be under way, and none after one that was left unfinished.
  package func beginRun() throws(ArchiveError) -> StagedRun {
    precondition(!isUnfinished, "a run of this archive is still to be completed")
    do { return try StagedRun(self, sequence: (head?.sequence ?? 0) + 1) } catch {
      throw ArchiveError(beforeCommit: error)
    }
  }
}
