internal import Platform

// libc's functions under names that do not collide with the methods of `Disk` and `File`, and the
// places where systems differ.

func sysOpen(
  _ directory: Int32, _ name: String, _ flags: Int32, _ mode: UInt32 = 0
) -> Int32 {
  openat(directory, name, flags | O_CLOEXEC, mode_t(mode))
}

func sysDuplicate(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }

/// How a folder is opened to go on from there: with O_PATH, which the C library's header hides from Swift,
/// for it need not be readable.
#if os(Linux)
  let sysWayThrough: Int32 = 0o10_000_000
#else
  let sysWayThrough = O_RDONLY
#endif

/// Opens a folder; a link is ELOOP unless links are followed.
func sysOpenFolder(
  _ directory: Int32, _ name: String, _ access: Int32, followsLinks: Bool = false
) -> Int32 {
  let folder = sysOpen(
    directory, name, access | O_DIRECTORY | (followsLinks ? 0 : O_NOFOLLOW))
  // Of a link Linux says that it is no directory.
  if folder < 0, errno == ENOTDIR, !followsLinks {
    errno = sysIsLink(directory, name) ? ELOOP : ENOTDIR
  }
  return folder
}

/// Opens a file that has to be a regular one, without following a link or waiting: ELOOP for a link, EISDIR
/// for a folder, ENXIO for a pipe, a socket or a device.
func sysOpenRegular(
  _ directory: Int32, _ name: String, _ flags: Int32, _ mode: UInt32
) -> Int32 {
  let file = sysOpen(directory, name, flags | O_NOFOLLOW | O_NONBLOCK, mode)
  guard file >= 0 else { return file }
  var status = stat()
  if sysStat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return file }
  _ = sysClose(file)
  errno = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : ENXIO
  return -1
}

private func sysIsLink(_ directory: Int32, _ name: String) -> Bool {
  var status = stat()
  return sysStat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    && status.st_mode & S_IFMT == S_IFLNK
}

func sysClose(_ descriptor: Int32) -> Int32 { close(descriptor) }

func sysRead(_ descriptor: Int32, _ to: UnsafeMutableRawPointer, _ length: Int) -> Int {
  read(descriptor, to, length)
}

func sysRead(
  _ descriptor: Int32, _ to: UnsafeMutableRawPointer, _ length: Int, at offset: Int64
) -> Int {
  pread(descriptor, to, length, off_t(offset))
}

func sysWrite(_ descriptor: Int32, _ from: UnsafeRawPointer, _ length: Int) -> Int {
  write(descriptor, from, length)
}

func sysWrite(
  _ descriptor: Int32, _ from: UnsafeRawPointer, _ length: Int, at offset: Int64
) -> Int {
  pwrite(descriptor, from, length, off_t(offset))
}

func sysSeek(_ descriptor: Int32, _ offset: Int64) -> off_t {
  lseek(descriptor, off_t(offset), SEEK_SET)
}

/// Where data begins (`isData`) or ends, from `offset` on; -1 where there is none. The file's position moves.
func sysData(_ descriptor: Int32, from offset: Int64, isData: Bool) -> Int64 {
  #if os(Linux)
    // SEEK_DATA and SEEK_HOLE of lseek(2).
    return Int64(lseek(descriptor, off_t(offset), isData ? 3 : 4))
  #else
    return -1
  #endif
}

/// Asks for room of `bytes` in a pipe, or of half as much, and so on. What is no pipe, has that room, or may
/// not have it (`fs.pipe-max-size`, and what all pipes of a user may hold) stays as it is.
func sysGrowPipe(_ descriptor: Int32, to bytes: Int32) {
  #if os(Linux)
    // F_GETPIPE_SZ and F_SETPIPE_SZ of fcntl(2).
    let room = fcntl(descriptor, 1032)
    guard room > 0 else { return }
    var wanted = bytes
    while wanted > room, fcntl(descriptor, 1031, wanted) < 0 { wanted /= 2 }
  #endif
}

/// Where `read` would go on; negative if the descriptor has no position.
func sysPosition(_ descriptor: Int32) -> off_t { lseek(descriptor, 0, SEEK_CUR) }

/// A shared view of `length` bytes of a file from `offset` on; nil with `errno` set if there is none.
func sysMap(
  _ descriptor: Int32, _ offset: Int64, _ length: Int, writable: Bool
) -> UnsafeMutableRawPointer? {
  let protection = writable ? PROT_READ | PROT_WRITE : PROT_READ
  let address = mmap(nil, length, protection, MAP_SHARED, descriptor, off_t(offset))
  return address == MAP_FAILED ? nil : address
}

func sysUnmap(_ address: UnsafeMutableRawPointer, _ length: Int) { munmap(address, length) }

/// True if syncing a file system is one call that reports what went wrong: Linux from 5.8 on. Before,
/// the call came back without a word about pages that could not be written.
let sysFileSystemSyncReports: Bool = {
  #if os(Linux)
    var name = utsname()
    guard syncFileSystem != nil, uname(&name) == 0 else { return false }
    let release = withUnsafeBytes(of: &name.release) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    guard numbers.count == 2 else { return false }
    return (numbers[0], numbers[1]) >= (5, 8)
  #else
    return false
  #endif
}()

func sysTruncate(_ descriptor: Int32, _ length: Int64) -> Int32 {
  ftruncate(descriptor, off_t(length))
}

/// Forces a file to the medium. Darwin's fsync leaves it in the drive's cache.
func sysSync(_ descriptor: Int32) -> Int32 {
  #if canImport(Darwin)
    if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
  #endif
  return fsync(descriptor)
}

/// Forces a whole file system to the medium; where the system cannot tell which, all of them.
func sysSyncFileSystem(_ descriptor: Int32) -> Int32 {
  if let syncFileSystem { return syncFileSystem(descriptor) }
  sync()
  return sysSync(descriptor)
}

/// Linux's syncfs(2), which the C library's header hides from Swift; nil elsewhere.
private let syncFileSystem: (@convention(c) @Sendable (Int32) -> Int32)? = {
  guard let program = dlopen(nil, RTLD_NOW), let symbol = dlsym(program, "syncfs") else {
    return nil
  }
  return unsafeBitCast(symbol, to: (@convention(c) @Sendable (Int32) -> Int32).self)
}()

func sysLock(_ descriptor: Int32, _ operation: Int32) -> Int32 { flock(descriptor, operation) }

func sysRename(_ from: (Int32, String), _ to: (Int32, String)) -> Int32 {
  renameat(from.0, from.1, to.0, to.1)
}

/// Renames what must not replace anything; fails with ENOSYS where the system has no such call.
func sysRenameExclusively(_ from: (Int32, String), _ to: (Int32, String)) -> Int32 {
  #if canImport(Darwin)
    return renameatx_np(from.0, from.1, to.0, to.1, UInt32(RENAME_EXCL))
  #else
    guard let renameExclusively else {
      errno = ENOSYS
      return -1
    }
    let noReplace: UInt32 = 1
    return renameExclusively(from.0, from.1, to.0, to.1, noReplace)
  #endif
}

/// Linux's renameat2(2), which the C library's header hides from Swift; nil where it has none.
private let renameExclusively:
  (
    @convention(c) @Sendable (
      Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
    ) -> Int32
  )? = {
    guard let program = dlopen(nil, RTLD_NOW), let symbol = dlsym(program, "renameat2") else {
      return nil
    }
    return unsafeBitCast(
      symbol,
      to: (@convention(c) @Sendable (
        Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
      ) -> Int32).self)
  }()

/// Gives a file a second name, which must not be taken.
func sysLink(_ from: (Int32, String), _ to: (Int32, String)) -> Int32 {
  linkat(from.0, from.1, to.0, to.1, 0)
}

func sysUnlink(_ directory: Int32, _ name: String, _ flags: Int32 = 0) -> Int32 {
  unlinkat(directory, name, flags)
}

func sysMakeDirectory(_ directory: Int32, _ name: String, _ mode: UInt32) -> Int32 {
  mkdirat(directory, name, mode_t(mode))
}

func sysStat(
  _ directory: Int32, _ name: String, _ result: inout stat, _ flags: Int32
) -> Int32 {
  fstatat(directory, name, &result, flags)
}

func sysStat(_ descriptor: Int32, _ result: inout stat) -> Int32 { fstat(descriptor, &result) }

/// True if one of `events` is there within `milliseconds` (negative: waits for ever).
func sysPoll(_ descriptor: Int32, _ events: Int32, _ milliseconds: Int32) -> Int32 {
  var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
  return poll(&request, 1, milliseconds)
}

/// The path without symbolic links and dots; nil with `errno` set if there is none.
func sysRealPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// Modification time in nanoseconds since 1970.
func modificationTime(_ status: stat) -> Int64 {
  #if canImport(Darwin)
    let time = status.st_mtimespec
  #else
    let time = status.st_mtim
  #endif
  return nanoseconds(time)
}

/// Time of the last change of contents, owner, name or mode, in nanoseconds since 1970.
func changeTime(_ status: stat) -> Int64 {
  #if canImport(Darwin)
    let time = status.st_ctimespec
  #else
    let time = status.st_ctim
  #endif
  return nanoseconds(time)
}

private func nanoseconds(_ time: timespec) -> Int64 {
  Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}

func sysOpenAt(_ directory: Int32, _ name: [CChar], _ flags: Int32) -> Int32 {
  openat(directory, name, flags | O_CLOEXEC)
}

func sysUnlinkAt(_ directory: Int32, _ name: [CChar], _ flags: Int32) -> Int32 {
  unlinkat(directory, name, flags)
}
