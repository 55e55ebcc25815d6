import Platform
import TestSupport
import Testing

@testable import Disk

struct ContentsTests {
  @Test(arguments: [0, 1, 99, 100, 101, 102, 3 << 20])
  func oneByteMoreThanTheLimitIsRead(size: Int) throws {
    let scratch = try TemporaryFolder()
    _ = try scratch.write("a", String(repeating: "x", count: size))
    let bytes = try Disk().contents(scratch("a"), limit: 100)
    #expect(bytes == Array(repeating: UInt8(ascii: "x"), count: min(size, 101)))
  }

  @Test func aLargeFileWithinTheLimitIsWhole() throws {
    let scratch = try TemporaryFolder()
    let text = String(repeating: "0123456789", count: 300_000)
    _ = try scratch.write("a", text)
    for limit in [3_000_000, Int.max] {
      #expect(try Disk().contents(scratch("a"), limit: limit) == Array(text.utf8))
    }
  }

  @Test func shortReadsMakeAWhole() throws {
    let scratch = try TemporaryFolder()
    _ = try scratch.write("a", "abcdef")
    let disk = stumbling(.read, [.short(1), .fail(EINTR), .short(2)])
    #expect(try disk.contents(scratch("a"), limit: 100) == Array("abcdef".utf8))
  }

  @Test func whatFailsIsReported() throws {
    let scratch = try TemporaryFolder()
    _ = try scratch.write("a", "x")
    for call in [DiskCall.open, .read, .close] {
      let error = #expect(throws: DiskError.self) {
        try failing(call, EIO).contents(scratch("a"), limit: 1)
      }
      #expect(error?.operation == call)
    }
  }
}
