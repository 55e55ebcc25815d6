internal import Bytes
public import Codec
public import Disk

// How a run gets into the archive, and why each step is safe.
//
//   staged     Everything is written below `_trailmill/staging/<sequence>`, under names that are no
//              part's. A run that ends here leaves nothing that a reader sees; the next one removes
//              it and takes the same number.
//   synced     One sync of the file system puts files and folders on the medium.
//   committed  The rows are renamed into `_trailmill/manifests`, then the header; each name is
//              synced before the next step. With the header's name the run is in the archive.
//   forward    Parts, key table and quarantine are renamed to where the rows say; synced; staging removed. A
//              run that ends here is completed by whoever opens the archive next, from the rows
//              alone: what is still staged is renamed, what is not has its name already.
//
// One process at a time holds `_trailmill/lock`; the kernel gives it back when the process ends,
// and readers never ask for it.

/// An archive, held by this process alone.
public final class ArchiveDirectory {
  /// The newest manifest of an archive.
  public struct Head: Equatable, Sendable {
    /// Its number.
    public let sequence: Int
    /// SHA-256 of its header.
    public let digest: Digest256
  }

  /// Where the archive is.
  public let path: String
  /// The newest manifest; nil in an archive without any.
  public private(set) var head: Head?

  let disk: Disk
  private let lock: File
  /// True after a run was committed and its files could not be given their names.
  var isUnfinished = false
  /// The tree over all headers.
  private(set) var history = MerkleAccumulator()

  /// Opens the archive at `path`, made if it is not there: takes the lock, completes a run that was
  /// committed but not finished, and removes what a run left that was not.
  public init(disk: Disk, path: String) throws(ArchiveError) {
    self.disk = disk
    self.path = path.isEmpty ? "." : path
    do {
      for folder in [ManifestNames.folder, ArchiveDirectory.stagingFolder] {
        try disk.makeDirectories(self.path + "/" + folder)
      }
      lock = try disk.openOrCreate(self.path + "/_trailmill/lock")
      guard try lock.lock() else {
        throw ArchiveError(
          .inUse, "the archive is in use by another run: \(path): try again when that has ended")
      }
      try recover()
    } catch {
      throw ArchiveError(wrapping: error)
    }
  }

  /// Gives the archive back to others. It must not be used afterwards.
  public func close() throws(ArchiveError) {
    do { try lock.close() } catch { throw ArchiveError(wrapping: error) }
  }

  /// Starts a run. Only one can be under way, and none after one that was left unfinished.
  public func beginRun() throws(ArchiveError) -> StagedRun {
    precondition(!isUnfinished, "a run of this archive is still to be completed")
    let run = StagedRun(self, sequence: (head?.sequence ?? 0) + 1)
    do {
      try disk.removeTree(run.folder)
      try disk.makeDirectories(run.folder)
    } catch { throw ArchiveError(wrapping: error) }
    return run
  }

  func advance(to sequence: Int, header: [UInt8]) -> Digest256 {
    header.withUnsafeBufferPointer { bytes in
      history.append(leaf: bytes)
      let digest = SHA256.digest(bytes)
      head = Head(sequence: sequence, digest: digest)
      return digest
    }
  }

  // MARK: Places

  private static let stagingFolder = "_trailmill/staging"

  func stagingFolder(_ sequence: Int) -> String {
    "\(path)/\(ArchiveDirectory.stagingFolder)/\(ManifestNames.number(sequence))"
  }

  var manifestFolder: String { path + "/" + ManifestNames.folder }

  // MARK: Recovery

  private func recover() throws {
    let names = try disk.list(manifestFolder)
    let headers = names.reversed().lazy.compactMap { ManifestNames.sequence(ofHeader: $0) }
    let last = headers.first ?? 0
    if last > 0 {
      let newest = try readHeader(last)
      head = Head(sequence: last, digest: newest.head)
      history = newest.history
    }
    // Rows without their header: the run ended just before its commit.
    let orphan = ManifestNames.rows(last + 1)
    if names.contains(orphan) { try disk.remove(manifestFolder + "/" + orphan) }
    for name in try disk.list("\(path)/\(ArchiveDirectory.stagingFolder)") {
      if let sequence = Int(name), sequence > 0, sequence <= last,
        name == ManifestNames.number(sequence)
      {
        try complete(sequence)
      }
      try disk.removeTree("\(path)/\(ArchiveDirectory.stagingFolder)/\(name)")
    }
  }

  private func readHeader(_ sequence: Int) throws -> ManifestHeader {
    let file = manifestFolder + "/" + ManifestNames.header(sequence)
    let header = try contents(file).withUnsafeBufferPointer {
      ManifestHeader($0, sequence: sequence)
    }
    guard let header else { throw damaged("a manifest's header is not valid", file) }
    return header
  }

  /// Completes a committed run of which something is still staged.
  private func complete(_ sequence: Int) throws {
    let header = try readHeader(sequence)
    let file = manifestFolder + "/" + ManifestNames.rows(sequence)
    let rows = try contents(file).withUnsafeBufferPointer { ManifestRows.read($0) }
    guard let rows, rows.count == header.rows, rows.root == header.rowsRoot else {
      throw damaged("a manifest's rows are not those that its header speaks of", file)
    }
    try rollForward(sequence, rows.moves)
  }

  private func damaged(_ what: String, _ place: String) -> ArchiveError {
    ArchiveError(.damaged, "\(what): \(place): restore it, and run `trailmill verify \(path)`")
  }

  private func contents(_ path: String) throws(DiskError) -> [UInt8] {
    let file = try disk.open(path)
    var bytes = ByteBuffer(capacity: 64 << 10)
    while try file.read(into: &bytes, upTo: 1 << 20) > 0 {}
    try file.close()
    return bytes.bytes
  }

  /// Gives the files of a committed run their names. Does what is left to do: it can be repeated.
  func rollForward(_ sequence: Int, _ moves: [Move]) throws {
    // The header's name is durable before any part has its own: who sees a part can rely on it.
    try disk.syncDirectory(manifestFolder)
    let staging = stagingFolder(sequence)
    var made = ""
    for move in moves {
      let from = staging + "/" + move.staged
      let to = path + "/" + move.path
      if try disk.statIfPresent(from) == nil {
        if try disk.statIfPresent(to) != nil { continue }
        throw ArchiveError(
          .damaged,
          "a file of run \(sequence), which is committed, is gone: \(to): restore it, or "
            + "remove \(staging) to go on without it")
      }
      let folder = parent(of: to)
      if folder != made { try disk.makeDirectories(folder) }
      made = folder
      try disk.rename(from, to: to)
    }
    try disk.syncFileSystem(containing: path)
    try disk.removeTree(staging)
  }
}
