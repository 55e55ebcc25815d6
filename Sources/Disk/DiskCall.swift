/// The system calls that are made, in the words of an error message.
package enum DiskCall: String, CaseIterable, Sendable {
  /// open(2) of an existing file, to read it.
  case open
  /// open(2) with O_CREAT.
  case create
  /// read(2) and pread(2).
  case read
  /// write(2) and pwrite(2).
  case write
  /// lseek(2).
  case seek = "set the position in"
  /// mmap(2).
  case map
  /// ftruncate(2).
  case truncate
  /// fsync(2) of a file or a directory.
  case sync
  /// syncfs(2), or what comes nearest to it.
  case syncFileSystem = "sync the file system of"
  /// close(2).
  case close
  /// flock(2).
  case lock
  /// poll(2).
  case poll = "wait for"
  /// stat(2), lstat(2) and fstat(2).
  case stat = "examine"
  /// opendir(3) and readdir(3).
  case list
  /// mkdir(2).
  case makeDirectory = "make directory"
  /// rename(2); the path is the new name.
  case rename = "rename to"
  /// unlink(2) and rmdir(2).
  case remove
  /// realpath(3).
  case resolve
}

/// What a test makes a system call do instead of its work.
package enum Fault: Equatable, Sendable {
  /// Fail with this error number; EINTR is retried, as if the system had said so.
  case fail(Int32)
  /// Transfer at most this many bytes (at least one). No effect on calls that transfer none.
  case short(Int)
}
