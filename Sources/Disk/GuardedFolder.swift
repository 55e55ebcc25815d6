internal import Platform
internal import Synchronization

/// A folder below which no link is followed, so that whoever can write there cannot lead anybody out of it.
///
/// It is opened once, when it is first needed, by a path that may itself be a link. Every path below is
/// gone down from there, one component after the other, by descriptors: a folder that is swapped for a link
/// on the way leads nowhere.
final class GuardedFolder: Sendable {
  /// As it is written in front of the paths below it.
  let path: String
  private let descriptor = Mutex<Int32>(-1)

  init(_ path: String) { self.path = path }

  deinit { descriptor.withLock { if $0 >= 0 { _ = sysClose($0) } } }

  /// The components of a path below the folder; nil for any other, and for the folder itself.
  func components(of path: String) -> [Substring]? {
    // By bytes: two spellings of a letter are two names.
    guard path.utf8.starts(with: self.path.utf8) else { return nil }
    let rest = path.utf8.dropFirst(self.path.utf8.count)
    guard rest.first == UInt8(ascii: "/") else { return nil }
    let components = pathNames(Substring(rest))
    return components.isEmpty ? nil : components
  }

  /// Calls `body` with the descriptor of the folder that holds what `components` name, and the last of them.
  /// What `body` returns; -1 with `errno` set where the way there cannot be gone: ELOOP for a link.
  func within<Result: SignedInteger>(
    _ components: [Substring], _ body: (Int32, String) -> Result
  ) -> Result {
    guard let name = components.last else { return fail(ENOENT) }
    var directory = root()
    guard directory >= 0 else { return -1 }
    var isOwned = false
    guard !components.contains("..") else { return fail(ELOOP) }
    for component in components.dropLast() {
      let next = sysOpenFolder(directory, String(component), sysWayThrough)
      let code = errno
      if isOwned { _ = sysClose(directory) }
      (directory, isOwned) = (next, next >= 0)
      guard next >= 0 else { return fail(code) }
    }
    let result = body(directory, String(name))
    let code = errno
    if isOwned { _ = sysClose(directory) }
    errno = code
    return result
  }

  private func fail<Result: SignedInteger>(_ code: Int32) -> Result {
    errno = code
    return -1
  }

  private func root() -> Int32 {
    descriptor.withLock { descriptor in
      if descriptor < 0 {
        descriptor = sysOpenFolder(AT_FDCWD, path, sysWayThrough, followsLinks: true)
      }
      return descriptor
    }
  }
}

extension Disk {
  /// This file system, but that below `folder` no link is followed, and nothing is opened that is no regular
  /// file: both are errors (ELOOP; EISDIR or ENXIO). `folder` itself may be a link.
  package func guarding(_ folder: String) -> Disk {
    guard guarded?.path != folder else { return self }
    return Disk(fault: fault, guarded: GuardedFolder(folder))
  }

  /// Calls `body` with the place of `path` for a system call that ends in "at", and whether it is guarded.
  func place<Result: SignedInteger>(
    of path: String, _ body: (_ directory: Int32, _ name: String, _ isGuarded: Bool) -> Result
  ) -> Result {
    guard let guarded, let components = guarded.components(of: path) else {
      return body(AT_FDCWD, path, false)
    }
    return guarded.within(components) { body($0, $1, true) }
  }
}
