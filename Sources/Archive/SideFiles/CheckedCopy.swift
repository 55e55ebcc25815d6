internal import Bytes
internal import Crypto
internal import Disk
internal import History
internal import Synchronization

// What a run believes it must have seen itself, and nobody must be able to alter it afterwards: whoever may
// write into an archive could alter a mapped file after it was checked, or cut it off, which ends the process
// (SIGBUS). So blocks are copied when they are looked at first, and checked on the way, to a file without a
// name, which is mapped: its memory is the system's to lend, as that of the published file would be. What is
// never looked at is neither read nor copied.

/// A stretch of the file without a name that blocks are copied to.
final class CheckedCopy: Sendable {
  private let file: File
  private let origin: Int
  private let memory: MappedFile

  fileprivate init(_ file: File, from origin: Int, bytes: Int) throws(DiskError) {
    self.file = file
    self.origin = origin
    try file.truncate(to: Int64(origin + bytes))
    memory = try MappedFile(file, at: Int64(origin), bytes)
  }

  /// All bytes: those that were not written yet must not be read.
  var bytes: ByteView { memory.bytes }

  func write(_ bytes: ByteView, at offset: Int) throws(DiskError) {
    try file.pwrite(all: bytes, at: Int64(origin + offset))
  }
}

/// The file without a name that blocks are copied to. It grows as files are opened, each stretch as long as
/// all before it: however many files these are, few stretches are mapped.
final class CheckedCopies: Sendable {
  /// Bytes of the first stretch: 1 MiB.
  private static let first = 1 << 20
  /// Bytes of what is mapped beyond need, at most: 64 GiB.
  private static let longest = 1 << 36

  private struct State {
    var file: File?
    var newest: CheckedCopy?
    /// Where the newest stretch ends, counted from its beginning, and how far it is given away.
    var length = 0
    var used = 0
    /// Where it ends in the file.
    var end = 0
  }

  private let disk: Disk
  private let path: String
  private let state = Mutex(State())

  /// A file that is made when it is needed, at `path`, and unlinked at once.
  init(_ disk: Disk, _ path: String) {
    self.disk = disk
    self.path = path
  }

  /// Room for so many bytes, a multiple of the size of a block: from `start` on in `copy`.
  func room(_ bytes: Int) throws -> (copy: CheckedCopy, start: Int) {
    try state.withLock { state in
      if let newest = state.newest, bytes <= state.length - state.used {
        state.used += bytes
        return (newest, state.used - bytes)
      }
      let file = try state.file ?? disk.createNameless(path)
      state.file = file
      let length = max(bytes, min(max(state.end, CheckedCopies.first), CheckedCopies.longest))
      let copy = try CheckedCopy(file, from: state.end, bytes: length)
      state.newest = copy
      (state.length, state.used) = (length, bytes)
      state.end += length
      return (copy, 0)
    }
  }
}

/// A published file of which every byte that is handed out was checked. Safe on any thread.
///
/// Unchecked: what is known of blocks is atomic. Two workers may copy the same block at once: the same bytes.
final class CheckedFile: @unchecked Sendable {
  /// Bytes that are read at a time of a file without hashes: 1 MiB.
  private static let piece = 16 * HashedBlocks.size

  /// Bytes of its content.
  let count: Int
  private let source: BlockReader?
  private let copy: CheckedCopy
  private let start: Int
  private let blocks: Int
  /// Blocks that were checked and copied.
  private let isThere: UnsafeMutablePointer<Atomic<Bool>>

  /// The file that `source` reads, from `start` on in `copy`.
  init(_ source: BlockReader, _ copy: CheckedCopy, at start: Int) {
    count = source.content
    self.source = source
    self.copy = copy
    self.start = start
    blocks = HashedBlocks.count(source.content)
    isThere = CheckedFile.marks(blocks, false)
  }

  /// The file of a row without a root, which is read whole for that. Throws, with the kind `damaged`, if it
  /// is not the one that was committed.
  init(_ history: ArchiveHistory, _ row: ManifestRow, _ copy: CheckedCopy, at start: Int) throws {
    let altered = BlockReader.altered(history, row)
    let file = try history.openBeside(row)
    var hasher = SHA256Hasher()
    var at = 0
    var buffer = ByteBuffer(capacity: CheckedFile.piece)
    while Int64(at) < row.bytes {
      buffer.removeAll()
      let wanted = Int(min(Int64(CheckedFile.piece), row.bytes - Int64(at)))
      guard try file.pread(into: &buffer, upTo: wanted, at: Int64(at)) == wanted else {
        throw altered
      }
      hasher.update(buffer.view)
      try copy.write(buffer.view, at: start + at)
      at += wanted
    }
    guard hasher.finalize() == row.sha256 else { throw altered }
    count = at
    source = nil
    self.copy = copy
    self.start = start
    blocks = HashedBlocks.count(at)
    isThere = CheckedFile.marks(blocks, true)
  }

  deinit {
    isThere.deinitialize(count: blocks)
    isThere.deallocate()
  }

  private static func marks(_ count: Int, _ isThere: Bool) -> UnsafeMutablePointer<Atomic<Bool>> {
    let marks = UnsafeMutablePointer<Atomic<Bool>>.allocate(capacity: max(count, 1))
    for block in 0..<count { (marks + block).initialize(to: Atomic(isThere)) }
    return marks
  }

  /// Some bytes of the content, which must hold them. Valid as long as the file is.
  func bytes(_ offset: Int, _ length: Int) throws -> ByteView {
    precondition(offset >= 0 && length > 0 && offset <= count - length, "bytes outside of a file")
    for block in offset / HashedBlocks.size...(offset + length - 1) / HashedBlocks.size
    where !isThere[block].load(ordering: .acquiring) {
      try fetch(block)
    }
    return ByteView(rebasing: copy.bytes[(start + offset)..<(start + offset + length)])
  }

  private func fetch(_ block: Int) throws {
    guard let source else { return }
    var bytes = ByteBuffer(capacity: HashedBlocks.size)
    try source.read(block, into: &bytes)
    try copy.write(bytes.view, at: start + block * HashedBlocks.size)
    isThere[block].store(true, ordering: .releasing)
  }
}

extension Disk {
  /// Makes a file that nobody else can open: made at `path`, where nothing is to be kept, and unlinked at
  /// once.
  func createNameless(_ path: String) throws(DiskError) -> File {
    let file = try createTruncating(path, mode: 0o600)
    try remove(path)
    return file
  }
}
