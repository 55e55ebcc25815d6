import Bytes
import Foundation
import Synchronization
import Testing

@testable import Disk

/// A directory that lasts as long as the test.
final class Scratch {
  let path: String

  init() throws {
    path = URL(filePath: NSTemporaryDirectory()).appending(path: "trailmill-\(UUID())").path()
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  func put(_ name: String, _ text: String = "x") throws {
    let url = URL(filePath: self(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: self(name), withDestinationPath: target)
  }

  func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: self(name)).map { String(decoding: $0, as: UTF8.self) }
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self(name)) }
}

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
      try Array(text.utf8).withUnsafeBufferPointer { try write(all: $0) }
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
