internal import Platform

/// The file system, as far as trailmill touches it: every system call on a file is made here.
///
/// A test gives a hook that is asked before each call, and so sees the program meet full disks,
/// interrupted calls and short writes; one that ends the process sees it meet its own death.
package struct Disk: Sendable {
  /// Asked before each system call (again before each retry) with the file's path.
  package typealias FaultHook = @Sendable (DiskCall, String) -> Fault?

  let fault: FaultHook?
  /// Below it no link is followed; nil where links are.
  let guarded: GuardedFolder?

  /// The file system, or one that fails where `fault` says.
  package init(fault: FaultHook? = nil) { self.init(fault: fault, guarded: nil) }

  init(fault: FaultHook?, guarded: GuardedFolder?) {
    self.fault = fault
    self.guarded = guarded
  }

  /// Makes one system call, repeats it after EINTR, and turns a negative result into an error.
  @discardableResult
  func attempt<Result: SignedInteger>(
    _ call: DiskCall, _ path: String, _ body: () -> Result
  ) throws(DiskError) -> Result {
    // The system would take it for the end of the path, and touch another file.
    guard !path.utf8.contains(0) else { throw DiskError(call, path, EINVAL) }
    return try transfer(call, path, length: 0) { _ in body() }
  }

  /// Makes one system call that transfers at most `length` bytes; `body` gets how many it may transfer.
  func transfer<Result: SignedInteger>(
    _ call: DiskCall, _ path: String, length: Int, _ body: (Int) -> Result
  ) throws(DiskError) -> Result {
    while true {
      var allowed = length
      switch fault?(call, path) {
      case .fail(EINTR): continue
      case .fail(let code): throw DiskError(call, path, code)
      case .short(let most): allowed = min(length, max(most, 1))
      case nil: break
      }
      let result = body(allowed)
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { throw DiskError(call, path, code) }
    }
  }

  /// Closes a descriptor. Linux closes it even where it says EINTR, so this is never repeated.
  func close(_ descriptor: Int32, _ path: String) throws(DiskError) {
    let injected = fault?(.close, path)
    let result = sysClose(descriptor)
    let code = errno
    if case .fail(let code) = injected, code != EINTR { throw DiskError(.close, path, code) }
    if result < 0, code != EINTR { throw DiskError(.close, path, code) }
  }
}
