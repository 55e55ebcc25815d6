#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A system call on a file that failed.
public struct DiskError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was to be done.
  public let operation: DiskCall
  /// To which file.
  public let path: String
  /// The system's error number.
  public let errno: Int32

  /// An error of this number.
  public init(_ operation: DiskCall, _ path: String, _ errno: Int32) {
    self.operation = operation
    self.path = path
    self.errno = errno
  }

  /// True if what was to be made is there already.
  public var isExisting: Bool { errno == EEXIST }

  /// True if there is nothing at the path.
  public var isMissing: Bool { errno == ENOENT || errno == ENOTDIR }

  /// True if whoever asks may not.
  public var isForbidden: Bool { errno == EACCES || errno == EPERM }

  /// True if the path leads to a folder, and something else was expected.
  public var isFolder: Bool { errno == EISDIR }

  /// Like `cannot write: archive/part: No space left on device`.
  public var description: String {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return "cannot \(operation.rawValue): \(path): \(reason)"
  }
}
