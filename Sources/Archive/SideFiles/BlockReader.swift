package import Bytes
internal import Crypto
internal import Disk
internal import Engine
package import History
internal import Synchronization

/// Reads blocks of a published file, each of which is compared with its hash. Safe on any thread.
final class BlockReader: Sendable {
  /// Bytes of the file without the hashes at its end.
  let content: Int
  private let history: ArchiveHistory
  private let row: ManifestRow
  /// Nil if it is opened anew for each block.
  private let file: File?
  private let hashes: [Digest256]
  /// What is thrown where a block is another.
  private let altered: ArchiveError

  /// Opens the file of a row with this root. Throws, with the kind `damaged`, if it is not as long as the row
  /// says, or the hashes at its end are not those of the root. Where a run may look at thousands of files,
  /// none of them `staysOpen`.
  init(
    _ history: ArchiveHistory, _ row: ManifestRow, root: Digest256, staysOpen: Bool = true
  ) throws {
    altered = BlockReader.altered(history, row)
    self.history = history
    self.row = row
    let file = try history.openBeside(row)
    self.file = staysOpen ? file : nil
    guard let bytes = Int(exactly: row.bytes), let content = HashedBlocks.content(ofFile: bytes),
      content <= HashedBlocks.longest
    else { throw altered }
    self.content = content
    var text = ByteBuffer()
    let count = try file.pread(into: &text, upTo: bytes - content, at: Int64(content))
    guard count == bytes - content else { throw altered }
    var hashes: [Digest256] = []
    hashes.reserveCapacity(HashedBlocks.count(content))
    var tree = MerkleAccumulator()
    for start in stride(from: 0, to: text.count, by: HashedBlocks.hashSize) {
      let hash = ByteView(rebasing: text.view[start..<start + HashedBlocks.hashSize])
      guard let hash = Digest256(hash) else { throw altered }
      hashes.append(hash)
      tree.append(leafHash: hash)
    }
    guard tree.root == root else { throw altered }
    self.hashes = hashes
  }

  /// What is thrown where the file of a row is not the one that was committed.
  static func altered(_ history: ArchiveHistory, _ row: ManifestRow) -> ArchiveError {
    let what = row.kind == .file(.index) ? "an index" : "a file of digests"
    return history.damaged(
      "\(what) is not the one that was committed", history.path + "/" + row.path)
  }

  /// Appends a block, by its number from 0.
  func read(_ block: Int, into bytes: inout ByteBuffer) throws {
    let start = block * HashedBlocks.size
    let before = bytes.count
    let wanted = min(HashedBlocks.size, content - start)
    let file = try file ?? history.openBeside(row)
    let count = try file.pread(into: &bytes, upTo: wanted, at: Int64(start))
    let read = ByteView(rebasing: bytes.view[before...])
    guard count == wanted, MerkleAccumulator.leafHash(read) == hashes[block] else { throw altered }
  }
}

extension ArchiveHistory {
  /// Opens a file beside the parts. Throws, with the kind `damaged`, if it is not there or not as long as its
  /// row says.
  func openBeside(_ row: ManifestRow) throws -> File {
    let place = path + "/" + row.path
    let altered = BlockReader.altered(self, row)
    guard let status = try disk.statIfPresent(place), status.kind == .regular else { throw altered }
    let file = try disk.open(place)
    guard try file.size() == row.bytes else { throw altered }
    return file
  }
}

extension ArchiveReader {
  /// Which of some files have the root that is given with them, in their order: see `fits`.
  package func fit(
    _ files: [(path: String, bytes: Int64, root: Digest256?)], threads: Int
  ) throws -> [Bool] {
    let answers = Mutex([Bool](repeating: true, count: files.count))
    let reader = self
    try Parallel.forEach(files.count, threads: threads) { index in
      guard let root = files[index].root else { return }
      let fits = try reader.fits(files[index].path, bytes: files[index].bytes, blocksRoot: root)
      answers.withLock { $0[index] = fits }
    }
    return answers.withLock { $0 }
  }

  /// True if the blocks of a file of so many bytes have this root, and the hashes at its end are theirs; also
  /// if it is not there any more.
  private func fits(_ path: String, bytes: Int64, blocksRoot: Digest256) throws -> Bool {
    let size = 16 * HashedBlocks.size
    guard let bytes = Int(exactly: bytes), let content = HashedBlocks.content(ofFile: bytes) else {
      return false
    }
    do {
      let file = try disk.open(root + "/" + path)
      var blocks = BlockHasher()
      var buffer = ByteBuffer(capacity: size)
      for start in stride(from: 0, to: content, by: size) {
        buffer.removeAll()
        _ = try file.pread(into: &buffer, upTo: min(size, content - start), at: Int64(start))
        blocks.update(buffer.view)
      }
      let found = blocks.finish()
      buffer.removeAll()
      _ = try file.pread(into: &buffer, upTo: bytes - content, at: Int64(content))
      return found == blocksRoot && blocks.areHashes(buffer.view)
    } catch {
      guard error.isMissing else { throw error }
      return true
    }
  }
}
