internal import Platform

package import Bytes

/// An open file. Closes itself when the last reference goes, without a word: call `close` where an
/// error must be known.
///
/// Unchecked: the descriptor changes only in `close`, and the system serialises calls on it. A file
/// may pass from thread to thread; whoever closes it must be its last user.
package final class File: @unchecked Sendable {
  /// As it was opened; for standard streams a name for people.
  package let path: String
  private let disk: Disk
  private let isOwned: Bool
  private(set) var descriptor: Int32

  init(_ disk: Disk, path: String, descriptor: Int32, isOwned: Bool = true) {
    self.disk = disk
    self.path = path
    self.descriptor = descriptor
    self.isOwned = isOwned
  }

  deinit { if isOwned, descriptor >= 0 { _ = sysClose(descriptor) } }

  /// Closes the file and reports what the system has to say; a second call does nothing.
  package func close() throws(DiskError) {
    guard isOwned, descriptor >= 0 else { return }
    let closing = descriptor
    descriptor = -1
    try disk.close(closing, path)
  }

  /// Appends at most `limit` bytes to `buffer` and returns how many; 0 is the end of the file.
  ///
  /// Returns as soon as there are any, so a pipe yields what it has.
  package func read(into buffer: inout ByteBuffer, upTo limit: Int) throws(DiskError) -> Int {
    buffer.reserve(limit)
    let end = buffer.base + buffer.count
    let count = try whenReady(.read, for: POLLIN, length: limit) { allowed in
      sysRead(descriptor, end, allowed)
    }
    buffer.advance(by: count)
    return count
  }

  /// Appends at most `limit` bytes from `offset` on and returns how many; fewer only at the end.
  package func pread(
    into buffer: inout ByteBuffer, upTo limit: Int, at offset: Int64
  ) throws(DiskError) -> Int {
    buffer.reserve(limit)
    var done = 0
    while done < limit {
      let end = buffer.base + buffer.count
      let count = try disk.transfer(.read, path, length: limit - done) { allowed in
        sysRead(descriptor, end, allowed, at: offset + Int64(done))
      }
      if count == 0 { break }
      buffer.advance(by: count)
      done += count
    }
    return done
  }

  /// Writes all bytes.
  package func write(all bytes: ByteView) throws(DiskError) {
    guard let start = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      done += try whenReady(.write, for: POLLOUT, length: bytes.count - done) { allowed in
        sysWrite(descriptor, start + done, allowed)
      }
    }
  }

  /// Writes all bytes at `offset`, wherever the file's position is.
  package func pwrite(all bytes: ByteView, at offset: Int64) throws(DiskError) {
    guard let start = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      done += try disk.transfer(.write, path, length: bytes.count - done) { allowed in
        sysWrite(descriptor, start + done, allowed, at: offset + Int64(done))
      }
    }
  }

  /// Cuts or extends the file to `length` bytes.
  package func truncate(to length: Int64) throws(DiskError) {
    try disk.attempt(.truncate, path) { sysTruncate(descriptor, length) }
  }

  /// Waits until the contents are on the medium.
  package func sync() throws(DiskError) {
    try disk.attempt(.sync, path) { sysSync(descriptor) }
  }

  /// Waits until everything written to the file system that holds the file is on the medium. What went
  /// wrong with that since the file was opened is an error, no matter who saw it first.
  package func syncFileSystem() throws(DiskError) {
    try disk.attempt(.syncFileSystem, path) { sysSyncFileSystem(descriptor) }
  }

  /// Sets the position from which `read` goes on.
  package func seek(to offset: Int64) throws(DiskError) {
    try disk.attempt(.seek, path) { sysSeek(descriptor, offset) }
  }

  /// The position from which `read` goes on.
  package func position() throws(DiskError) -> Int64 {
    var position: Int64 = 0
    try disk.attempt(.seek, path) { () -> Int32 in
      position = Int64(sysPosition(descriptor))
      return position < 0 ? -1 : 0
    }
    return position
  }

  /// What the system knows about the file.
  package func status() throws(DiskError) -> FileStatus {
    var result = stat()
    try disk.attempt(.stat, path) { sysStat(descriptor, &result) }
    return FileStatus(result)
  }

  /// Length in bytes.
  package func size() throws(DiskError) -> Int64 { try status().size }

  /// True if so many bytes of the file were never written: they take no room, and read as zeros. To be asked
  /// before the first byte is read; false where the system cannot tell.
  package func hasHoles(of bytes: Int64) throws(DiskError) -> Bool {
    let size = try size()
    var (at, holes) = (Int64(0), Int64(0))
    while at < size, holes < bytes {
      let hole = sysData(descriptor, from: at, isData: false)
      guard hole >= at, hole < size else { break }
      let data = sysData(descriptor, from: hole, isData: true)
      at = data > hole ? data : size
      holes += at - hole
    }
    try seek(to: 0)
    return holes >= bytes
  }

  /// Takes a lock that other processes heed, for as long as the file is open.
  ///
  /// Returns false if another holds it and `nonblocking` is true.
  package func lock(exclusive: Bool = true, nonblocking: Bool = true) throws(DiskError) -> Bool {
    let operation = (exclusive ? LOCK_EX : LOCK_SH) | (nonblocking ? LOCK_NB : 0)
    do {
      try disk.attempt(.lock, path) { sysLock(descriptor, operation) }
      return true
    } catch {
      if error.errno == EWOULDBLOCK { return false }
      throw error
    }
  }

  /// True if `read` would not wait: there is data, or the end.
  ///
  /// Waits for it at most `timeoutMilliseconds`; a negative number waits for ever.
  package func hasDataReady(timeoutMilliseconds: Int32 = 0) throws(DiskError) -> Bool {
    try disk.attempt(.poll, path) { sysPoll(descriptor, Int32(POLLIN), timeoutMilliseconds) } > 0
  }

  /// Gives a pipe room for 1 MiB, if the system lets it: it is born with 64 KiB, and whoever is at its ends
  /// waits for the other sixteen times as often. Does nothing to other files.
  package func growPipe() { sysGrowPipe(descriptor, to: 1 << 20) }

  /// Makes one system call on the descriptor.
  func attempt(_ call: DiskCall, _ body: (Int32) -> Int32) throws(DiskError) {
    try disk.attempt(call, path) { body(descriptor) }
  }

  /// Transfers, and waits where another process made the shared descriptor non-blocking.
  private func whenReady(
    _ call: DiskCall, for event: some BinaryInteger, length: Int, _ body: (Int) -> Int
  ) throws(DiskError) -> Int {
    while true {
      do {
        return try disk.transfer(call, path, length: length, body)
      } catch {
        guard error.errno == EAGAIN else { throw error }
        try disk.attempt(.poll, path) { sysPoll(descriptor, Int32(event), -1) }
      }
    }
  }
}

extension Disk {
  /// Opens a file to read it.
  package func open(_ path: String) throws(DiskError) -> File {
    try open(.open, path, O_RDONLY, 0)
  }

  /// Makes a file that must not exist yet, to write it and read it again.
  package func createExclusive(_ path: String, mode: UInt32 = 0o644) throws(DiskError) -> File {
    try open(.create, path, O_RDWR | O_CREAT | O_EXCL, mode)
  }

  /// Makes a file that must not exist yet, only to write it: what mounts a bucket may allow no more.
  package func createToWrite(_ path: String, mode: UInt32 = 0o644) throws(DiskError) -> File {
    try open(.create, path, O_WRONLY | O_CREAT | O_EXCL, mode)
  }

  /// Makes a file, or empties the one that is there, to write it and read it again.
  package func createTruncating(_ path: String, mode: UInt32 = 0o644) throws(DiskError) -> File {
    try open(.create, path, O_RDWR | O_CREAT | O_TRUNC, mode)
  }

  /// Opens a file, made if it is not there, so that every write goes to its end.
  package func openAppending(_ path: String, mode: UInt32 = 0o644) throws(DiskError) -> File {
    try open(.create, path, O_RDWR | O_CREAT | O_APPEND, mode)
  }

  /// Opens a file, made if it is not there, without altering what it holds. A symbolic link is an
  /// error (ELOOP) where links are not followed.
  package func openOrCreate(
    _ path: String, mode: UInt32 = 0o644, followsLinks: Bool = true
  ) throws(DiskError) -> File {
    try open(.create, path, O_RDWR | O_CREAT | (followsLinks ? 0 : O_NOFOLLOW), mode)
  }

  /// Opens what is there, to write to it: a device or a pipe, where it waits for a reader.
  package func openWriting(_ path: String) throws(DiskError) -> File {
    try open(.open, path, O_WRONLY, 0)
  }

  /// Standard input. Never closed.
  package var standardInput: File {
    File(self, path: "standard input", descriptor: STDIN_FILENO, isOwned: false)
  }

  /// Standard output. Never closed.
  package var standardOutput: File {
    File(self, path: "standard output", descriptor: STDOUT_FILENO, isOwned: false)
  }

  /// Standard error. Never closed.
  package var standardError: File {
    File(self, path: "standard error", descriptor: STDERR_FILENO, isOwned: false)
  }

  /// A descriptor that the parent process has opened. Never closed; throws where it is not open.
  package func inherited(_ descriptor: Int32) throws(DiskError) -> File {
    let file = File(
      self, path: "descriptor \(descriptor)", descriptor: descriptor, isOwned: false)
    _ = try file.status()
    return file
  }

  private func open(
    _ call: DiskCall, _ path: String, _ flags: Int32, _ mode: UInt32
  ) throws(DiskError) -> File {
    let descriptor = try attempt(call, path) {
      place(of: path) { (directory, name, isGuarded) in
        guard isGuarded else { return sysOpen(directory, name, flags, mode) }
        guard flags & O_TRUNC != 0 else { return sysOpenRegular(directory, name, flags, mode) }
        // What is there may have another name, elsewhere: it is replaced, not emptied.
        if sysUnlink(directory, name) < 0, errno != ENOENT { return -1 }
        return sysOpenRegular(directory, name, flags & ~O_TRUNC | O_EXCL, mode)
      }
    }
    return File(self, path: path, descriptor: descriptor)
  }
}
