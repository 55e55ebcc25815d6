import Disk
import Glibc
import Synchronization
import TestSupport
import Testing

/// A name that must not be taken.
@Suite struct RenameTests {
  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  /// The system with the first calls of each rename failing so: as where a file system has no such call.
  private func disk(_ errors: [Int32]) -> Disk {
    let left = Mutex(errors)
    return Disk { call, _ in
      guard call == .rename else { return nil }
      return left.withLock { $0.isEmpty ? nil : .fail($0.removeFirst()) }
    }
  }

  @Test(arguments: [[], [EINVAL], [ENOSYS], [EINVAL, EPERM], [ENOSYS, EOPNOTSUPP]] as [[Int32]])
  func aTakenNameStays(_ errors: [Int32]) throws {
    try scratch.write("new", "new")
    try disk(errors).renameExclusively(scratch("new"), to: scratch("name"))
    #expect(scratch.files(below: "") == ["name": Array("new".utf8)])
    try scratch.write("late", "late")
    let error = #expect(throws: DiskError.self) {
      try disk(errors).renameExclusively(scratch("late"), to: scratch("name"))
    }
    #expect(error?.errno == EEXIST && error?.isTaken == true)
    #expect(scratch.files(below: "") == ["name": Array("new".utf8), "late": Array("late".utf8)])
  }

  @Test(arguments: [[], [EINVAL, EPERM]] as [[Int32]]) func foldersToo(_ errors: [Int32]) throws {
    try scratch.write("a/x", "1")
    try scratch.write("b/y", "2")
    try disk(errors).renameExclusively(scratch("a"), to: scratch("c"))
    let error = #expect(throws: DiskError.self) {
      try disk(errors).renameExclusively(scratch("b"), to: scratch("c"))
    }
    #expect(error?.isTaken == true)
    #expect(Set(scratch.files(below: "").keys) == ["c/x", "b/y"])
  }

  @Test func anotherErrorIsPassedOn() throws {
    try scratch.write("new", "new")
    #expect(throws: DiskError.self) {
      try disk([EIO]).renameExclusively(scratch("new"), to: scratch("name"))
    }
    #expect(Set(scratch.files(below: "").keys) == ["new"])
  }
}
