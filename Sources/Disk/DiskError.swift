internal import Platform

/// A system call on a file that failed.
package struct DiskError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was to be done.
  package let operation: DiskCall
  /// To which file.
  package let path: String
  /// The system's error number.
  package let errno: Int32

  /// An error of this number.
  package init(_ operation: DiskCall, _ path: String, _ errno: Int32) {
    self.operation = operation
    self.path = path
    self.errno = errno
  }

  /// True if what was to be made is there already.
  package var isExisting: Bool { errno == EEXIST }

  /// True if there is nothing at the path.
  package var isMissing: Bool { errno == ENOENT || errno == ENOTDIR }

  /// True if the path is taken already.
  package var isTaken: Bool { errno == EEXIST || errno == ENOTEMPTY }

  /// True if there is nothing at the path, or links lead round in a circle.
  package var leadsNowhere: Bool { isMissing || errno == ELOOP }

  /// True if this process has no permission.
  package var isForbidden: Bool { errno == EACCES || errno == EPERM }

  /// True if at the path there is something else than a file: a folder, a link that is not followed, a
  /// pipe, a socket or a device.
  package var isNoFile: Bool { errno == EISDIR || errno == ELOOP || errno == ENXIO }

  /// True if the file system has no such call.
  package var isUnsupported: Bool { [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP].contains(errno) }

  /// What is wrong, where links are not followed in plainer words than the system's.
  private var reason: String {
    switch errno {
    case ELOOP: "it is, or is reached through, a link that cannot be followed"
    case ENXIO: "it is a pipe, a socket or a device"
    default: strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    }
  }

  /// Like `cannot write: archive/part: No space left on device`.
  package var description: String {
    "cannot \(operation.rawValue): \(path): \(reason)"
  }
}
