internal import History
internal import Disk

// What the start does with what earlier runs left.
extension ArchiveDirectory {
  func recover() throws {
    let staging = "\(path)/\(StagingNames.folder)"
    // A name that is no UTF-8 is of nobody who commits: it is left alone.
    let staged = try disk.names(in: staging).readable
    for name in staged where try StagingFolder.isHeld(staging + "/" + name, disk) {
      throw StagingFolder.inUse(path)
    }
    let names = try disk.names(in: manifestFolder).readable
    let last = ArchiveHistory.last(names)
    let manifests = ArchiveHistory(disk: disk, path: path, last: last)
    var newest: ManifestHeader?
    if last > 0 {
      let header = try manifests.header(last)
      head = Head(sequence: last, digest: header.head)
      history = header.history
      newest = header
    }
    // Rows or a signature without their header: the run ended just before its commit.
    for orphan in [ManifestNames.rows(last + 1), ManifestNames.signature(last + 1)]
    where names.contains(orphan) {
      try disk.remove(manifestFolder + "/" + orphan)
    }
    let unfinished = staged.compactMap { name in
      Int(name).flatMap { $0 > 0 && $0 <= last && name == ManifestNames.number($0) ? $0 : nil }
    }
    try complete(unfinished.sorted(), manifests)
    for name in staged { try disk.removeTree("\(staging)/\(name)") }
    guard let newest else { return }
    state = try ArchiveState(manifests, newest)
    // Digests that were merged and checkpoints that were superseded are of use to nobody: whoever reads
    // them holds the lock.
    for path in state.obsolete { try disk.removeIfPresent(self.path + "/" + path) }
  }

  /// Completes commits that earlier processes could not, the oldest first.
  private func complete(_ sequences: [Int], _ manifests: ArchiveHistory) throws {
    guard let first = sequences.first, let newest = head else { return }
    // What is moved and taken out here is what their rows say: so each has to be on the chain.
    let heads = try manifests.heads(from: first, newest: newest.digest)
    for sequence in sequences {
      let header = try manifests.header(sequence)
      guard header.head == heads[sequence - first] else { throw manifests.offChain(sequence) }
      try complete(sequence, manifests.rows(of: header))
    }
  }

  private func complete(_ sequence: Int, _ rows: [ManifestRow]) throws {
    do {
      let moves = try rows.compactMap { row -> Move? in
        guard let kind = row.kind.file, let staged = row.staged else { return nil }
        try examine(sequence, staged, row)
        return Move(kind: kind, staged: staged, path: row.path)
      }
      try rollForward(sequence, moves, leaving: rows.filter(\.isMovedOut).map(\.path))
    } catch let error as DiskError {
      throw ArchiveError(
        .fault,
        "\(error): run \(sequence), which is committed, could not be completed; the next start "
          + "tries again, and nothing else was done")
    }
  }

  /// Sees to it that what is staged for a row is what the row says: what is not is never put in the place of
  /// what was committed.
  private func examine(_ sequence: Int, _ staged: String, _ row: ManifestRow) throws {
    let from = "\(path)/\(StagingNames.folder(sequence))/\(staged)"
    let place = path + "/" + row.path
    guard let status = try disk.linkStatIfPresent(from) else { return }
    if status.kind == .regular, status.size == row.bytes, try disk.digest(from) == row.sha256 {
      return
    }
    guard let there = try disk.linkStatIfPresent(place), there.kind == .regular else {
      throw ArchiveError(
        .damaged,
        "\(from) is not the file that run \(sequence) has committed as \(row.path): restore it, or remove "
          + "\(parent(of: from)) to go on without it")
    }
    try disk.removeTree(from)
  }
}
