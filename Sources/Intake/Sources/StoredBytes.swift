internal import Bytes
internal import Crypto
internal import Disk
internal import Platform

/// The bytes of one input as they are stored, from the first to the last.
///
/// Those of a pipe come once. So that somebody may look at them before they are read, they can be kept:
/// in memory up to 1 MiB, beyond that in a file that has no name from the moment it is open.
final class StoredBytes {
  private static let memory = 1 << 20
  private static let piece = 256 << 10
  /// Bytes that were never written, as no file that an archive has published has them.
  private static let mostHoles: Int64 = 1 << 20
  /// Two changes of a file within this time may bear the same time: 50 ms.
  private static let clockStep: Int64 = 50_000_000

  let name: String
  /// True for standard input, pipes and terminals: their data comes when it comes.
  let isStreaming: Bool
  /// Where to count what is read.
  private let progress: InputProgress
  private let disk: Disk
  private let file: File
  /// What was known of a regular file when it was opened.
  private let opened: FileStatus?
  private let isFresh: Bool
  /// Where in the file the input begins.
  private let start: Int64

  /// True if there was something to read when somebody last asked, and nobody has read since.
  private var isReady = false
  private var isKeeping = false
  private var kept = ByteBuffer(capacity: 16)
  private var spillPath = ""
  private var spill: File?
  /// Bytes that were kept, in memory and in the file behind it.
  private var keptCount = 0
  /// True if what is read counts as progress.
  var isCounted = true
  /// Bytes handed out since the beginning.
  private(set) var position = 0

  /// The bytes at `path`, which messages call `name`.
  init(
    _ disk: Disk, _ path: String, named name: String? = nil, _ progress: InputProgress
  ) throws {
    self.name = name ?? path
    self.disk = disk
    self.progress = progress
    file = path == "-" ? disk.standardInput : try disk.open(path)
    let status = try file.status()
    let isRegular = status.kind == .regular
    isStreaming = path == "-" || !isRegular
    opened = isRegular ? status : nil
    start = path == "-" && isRegular ? try file.position() : 0
    isFresh = StoredBytes.now() - status.changed < Self.clockStep
    if isStreaming { file.growPipe() }
  }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Appends at most `limit` bytes, at least one; 0 is the end, or that the run was cancelled.
  func read(into buffer: inout ByteBuffer, upTo limit: Int) throws -> Int {
    let count =
      position < keptCount
      ? try readKept(into: &buffer, upTo: limit) : try readNew(into: &buffer, upTo: limit)
    position += count
    return count
  }

  /// Counts bytes that were read without being counted.
  func count(_ bytes: Int) { progress.add(bytes) }

  /// True if `read` has something without waiting, or the end.
  func hasDataReady() throws -> Bool {
    if !isStreaming || position < keptCount { return true }
    if !isReady { isReady = try file.hasDataReady() }
    return isReady
  }

  /// Nobody reads any more.
  func close() throws {
    try file.close()
    try spill?.close()
  }

  private func readNew(into buffer: inout ByteBuffer, upTo limit: Int) throws -> Int {
    guard try waitForData() else { return 0 }
    isReady = false
    let count = try file.read(into: &buffer, upTo: limit)
    if isCounted { progress.add(count) }
    if isKeeping { try keep(buffer[Span32(buffer.count - count, count: count)]) }
    return count
  }

  /// Waits in short turns, so that a cancelled run need not wait for somebody's next keystroke.
  private func waitForData() throws -> Bool {
    guard isStreaming, !isReady else { return true }
    while !progress.isCancelled {
      if try file.hasDataReady(timeoutMilliseconds: 50) { return true }
    }
    return false
  }

  // MARK: To look, and look again

  /// From now on, and until `rewind`, what is read is kept. `spillPath` is where a file may be made.
  func keep(spillPath: String) {
    isKeeping = true
    self.spillPath = spillPath
  }

  /// Goes back to the first byte; what comes behind those that are kept comes out of the pipe.
  func rewind() {
    isKeeping = false
    position = 0
  }

  private func keep(_ piece: ByteView) throws {
    keptCount += piece.count
    if spill == nil && kept.count + piece.count <= Self.memory { return kept.append(piece) }
    if spill == nil {
      spill = try disk.createTruncating(spillPath, mode: 0o600)
      try disk.remove(spillPath)
    }
    try spill?.write(all: piece)
  }

  private func readKept(into buffer: inout ByteBuffer, upTo limit: Int) throws -> Int {
    let count = min(limit, keptCount - position)
    guard position >= kept.count else {
      let inMemory = min(count, kept.count - position)
      buffer.append(kept.base + position, count: inMemory)
      return inMemory
    }
    guard let spill else { return 0 }
    let done = try spill.pread(into: &buffer, upTo: count, at: Int64(position - kept.count))
    guard done > 0 else { throw IntakeError.changed(spillPath) }
    return done
  }

  /// Goes back to the first byte of a file.
  func seekToStart() throws {
    isCounted = false
    position = 0
    try file.seek(to: start)
  }

  // MARK: What was read is what is there

  /// Throws if the file is not what it was when it was opened, but for what was added at its end.
  /// `isSame` compares what was read with what is there now: it is asked only where something may have
  /// happened.
  func requireUnaltered(_ isSame: (StoredBytes) throws -> Bool) throws {
    guard let opened else { return }
    let now = try file.status()
    let isTouched = now.modified != opened.modified || now.changed != opened.changed
    let isAltered =
      now.size < opened.size || now.size < start + Int64(position)
      || now.size == opened.size && now.modified != opened.modified
    if isAltered { throw IntakeError.changed(name) }
    guard isTouched || isFresh else { return }
    guard try isSame(self) else { throw IntakeError.changed(name) }
  }

  /// SHA-256 of a file of which nothing was read yet; nil of what is no file, or has holes that could take
  /// days to read.
  func digest() throws -> Digest256? {
    guard let opened, try !file.hasHoles(of: Self.mostHoles) else { return nil }
    var hasher = SHA256Hasher()
    _ = try reread(Int(clamping: opened.size)) { hasher.update($0) }
    return hasher.finalize()
  }

  /// Shows the file's first `count` bytes piece by piece, wherever the reading is; false if there are fewer.
  func reread(_ count: Int, _ body: (ByteView) -> Void) throws -> Bool {
    var piece = ByteBuffer(capacity: Self.piece)
    var done = 0
    while done < count {
      piece.removeAll()
      let length = try file.pread(
        into: &piece, upTo: min(Self.piece, count - done), at: start + Int64(done))
      guard length > 0 else { return false }
      body(piece.view)
      done += length
    }
    return true
  }
}
