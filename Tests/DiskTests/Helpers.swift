import Bytes
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Disk

/// A file system where every `call` fails with `code`.
func failing(_ call: DiskCall, _ code: Int32) -> Disk {
  Disk { made, _ in made == call ? .fail(code) : nil }
}

/// A file system where every `call` first meets each of these faults in turn.
func stumbling(_ call: DiskCall, _ faults: [Fault]) -> Disk {
  let next = Mutex(0)
  return Disk { made, _ in
    guard made == call else { return nil }
    return next.withLock { index in
      defer { index += 1 }
      return index < faults.count ? faults[index] : nil
    }
  }
}

extension File {
  func write(_ text: String) throws(DiskError) {
    do {
      try withBytes(text) { try write(all: $0) }
    } catch let error as DiskError {
      throw error
    } catch {
      Issue.record(error)
    }
  }

  func readAll() throws -> String {
    var buffer = ByteBuffer()
    while try read(into: &buffer, upTo: 5) > 0 {}
    return String(decoding: buffer.view, as: UTF8.self)
  }
}

/// Makes an empty file `café` in Latin-1, which is no UTF-8, with this ending.
func makeUnreadableName(_ folder: String, ending: String) throws {
  let name = Array((folder + "/caf").utf8) + [0xE9] + Array(ending.utf8) + [0]
  let made = name.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer {
    $0.baseAddress.map { open($0, O_CREAT | O_WRONLY, 0o600) } ?? -1
  }
  try #require(made >= 0)
  close(made)
}
