internal import Crypto
package import History
package import Bytes
package import Disk

// How a commit gets into the archive, and why each step is safe. docs/commit.md says more.
//
//   staged     Everything is written below `_trailmill/staging/<sequence>`, under names that are no
//              part's. A run that ends here leaves nothing that a reader sees; the next one removes
//              it and takes the same number.
//   synced     Files and folders of staging are on the medium.
//   committed  The rows are renamed into `_trailmill/manifests`, then the signature if there is one,
//              then the header; the names before the header's are synced first. With the header's
//              name the commit is in the archive.
//   forward    Parts that retire are renamed to where they wait for their removal, and their folders are
//              synced: from here on nobody counts their records twice. Then parts and the files beside
//              them are renamed to where the rows say; their folders are synced; staging is removed. A
//              run that ends here is completed by whoever opens the archive next, from the rows alone:
//              what is still staged is renamed, what is not has its name already.
//
// One process at a time holds `_trailmill/lock`; the kernel gives it back when the process ends,
// and readers never ask for it. Where somebody takes that file away, no run goes over what another one
// does: `StagingFolder` and names that replace nothing see to that.

/// An archive, held by this process alone.
package final class ArchiveDirectory {
  /// The newest manifest of an archive.
  package struct Head: Equatable, Sendable {
    /// Its number.
    package let sequence: Int
    /// SHA-256 of its header.
    package let digest: Digest256
  }

  /// Where the archive is.
  package let path: String
  /// The newest manifest; nil in an archive without any.
  package internal(set) var head: Head?

  let disk: Disk
  private let lock: ArchiveLock
  let durability: Durability
  /// True after a run was committed and its files could not be given their names.
  var isUnfinished = false
  /// The tree over all headers.
  var history = MerkleAccumulator()
  /// What the commits so far say.
  var state = ArchiveState()

  /// Opens the archive at `path`: takes the lock, completes a run that was committed but not finished,
  /// and removes what a run left that was not. One that is not there is made, unless it has to exist.
  package init(
    disk: Disk, path: String, mustExist: Bool = false
  ) throws(ArchiveError) {
    let path = path.isEmpty ? "." : path
    let disk = disk.guarding(path)
    self.disk = disk
    self.path = path
    do {
      if mustExist { _ = try ArchiveHistory(disk: disk, path: path) }
      for folder in [ManifestNames.folder, StagingNames.folder] {
        try disk.makeDirectories(self.path + "/" + folder)
      }
      lock = try ArchiveLock(disk, archive: path)
      durability = Durability(disk, lock.file)
      try recover()
    } catch {
      throw ArchiveError(beforeCommit: error)
    }
  }

  /// Gives the archive back to others. It must not be used afterwards.
  package func close() throws(ArchiveError) {
    do { try lock.close() } catch { throw ArchiveError(beforeCommit: error) }
  }

  /// Which inputs were read.
  package var ledger: Ledger { state.ledger }

  /// The public key that signed the newest manifest, in hexadecimal; nil if it is not signed.
  package var signingKey: String? { state.signingKey }

  /// The template of the layout by which folders were chosen last; nil if no commit noted one.
  package var layout: String? { state.layout }

  /// All manifests so far.
  package var manifests: ArchiveHistory {
    ArchiveHistory(disk: disk, path: path, last: head?.sequence ?? 0, head: head?.digest)
  }

  /// Takes a commit over that was just made: reads its manifest as the next start would.
  func advance(to sequence: Int, header: [UInt8], rows: [UInt8]) throws -> Digest256 {
    try header.withUnsafeBufferPointer { bytes in
      history.append(leaf: bytes)
      let digest = SHA256.digest(bytes)
      head = Head(sequence: sequence, digest: digest)
      guard let header = ManifestHeader(bytes, sequence: sequence),
        let rows = rows.withUnsafeBufferPointer({ ManifestText($0) })
      else {
        throw ArchiveError(.damaged, "a manifest that was just written cannot be read: \(path)")
      }
      state.apply(header, rows.rows)
      return digest
    }
  }

  /// Throws if another run may have taken the archive's lock meanwhile.
  func checkLock() throws(ArchiveError) {
    do { try lock.check() } catch { throw ArchiveError(beforeCommit: error) }
  }

  // MARK: Places

  var manifestFolder: String { path + "/" + ManifestNames.folder }

  // MARK: Names

  /// Makes those of the folders that are not there: they are on the medium before anything gets a name in
  /// them.
  private func makeDurable(_ folders: Set<String>) throws {
    var holders: Set<String> = []
    for folder in folders.sorted(by: precedesInBytes)
    where try disk.statIfPresent(folder)?.kind != .directory {
      try disk.makeDirectories(folder)
      holders.insert(parent(of: folder))
    }
    try durability.syncNames(in: holders, below: path)
  }

  /// Gives the files of a commit their names. Does what is left to do: it can be repeated.
  func rollForward(_ sequence: Int, _ moves: [Move], leaving: [String]) throws {
    // The header's name is durable before any part has its own: who sees a part can rely on it.
    try disk.syncDirectory(manifestFolder)
    try moveOut(leaving)
    let staging = path + "/" + StagingNames.folder(sequence)
    let folders = Set(moves.map { parent(of: path + "/" + $0.path) })
    try makeDurable(folders)
    for move in moves {
      let from = staging + "/" + move.staged
      let to = path + "/" + move.path
      if try disk.statIfPresent(from) == nil {
        guard try disk.statIfPresent(to) != nil else {
          throw ArchiveError(
            .damaged,
            "a file of run \(sequence), which is committed, is gone: \(to): restore it, or "
              + "remove \(staging) to go on without it")
        }
        continue
      }
      try disk.rename(from, to: to)
    }
    try durability.syncNames(in: folders, below: path)
    try disk.removeTree(staging)
  }

  /// Takes parts from their places. One that is not there has been moved already.
  private func moveOut(_ parts: [String]) throws {
    let leaving = try parts.filter { try disk.linkStatIfPresent(path + "/" + $0) != nil }
    guard !leaving.isEmpty else { return }
    let moves = leaving.map { (path + "/" + $0, path + "/" + PartNames.retired($0)) }
    try makeDurable(Set(moves.map { parent(of: $0.1) }))
    for (from, to) in moves { try disk.rename(from, to: to) }
    try durability.syncNames(
      in: Set(moves.flatMap { [parent(of: $0), parent(of: $1)] }), below: path)
  }
}
