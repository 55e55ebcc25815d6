import Bytes
import Crypto
import Disk
import Engine
import Foundation
import Intake
import JSONText
import TestSupport
import Testing

/// What is read is what is there: only at its end may an input change while it is read.
@Suite struct AlteredInputTests {
  let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  private static let lines = (0..<80_000).map { "{\"n\":\(100_000_000 + $0)}\n" }.joined()

  /// Reads `in` after a beginning of it was read and `alter` was called; nil if nothing was noticed.
  private func failure(
    _ stored: [UInt8], digests: Bool, alter: (String) throws -> Void
  ) throws -> IntakeError? {
    let path = try scratch.write("in", stored)
    // Long ago: what has just been written might be altered within one tick of the file system's clock.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: path)
    let source = try InputSource(
      disk: Disk(), inputs: [path], settings: InputSettings(), digestsInputs: digests,
      tailWaits: false)
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    #expect(try source.fill(batch))
    batch.clear()
    try alter(path)
    do { while try source.fill(batch) { batch.clear() } } catch let error as IntakeError {
      return error
    }
    return nil
  }

  private func overwrite(_ path: String, at offset: Int, _ text: [UInt8]) throws {
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seek(toOffset: UInt64(offset))
    try handle.write(contentsOf: Data(text))
    try handle.close()
  }

  private func append(_ path: String, _ text: [UInt8]) throws {
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text))
    try handle.close()
  }

  @Test(arguments: [true, false]) func whatIsNotOnlyAddedToIsAnError(digests: Bool) throws {
    let plain = Array(Self.lines.utf8)
    let size = plain.count
    let alterations: [(String, (String) throws -> Void)] = [
      ("behind the reader", { try overwrite($0, at: 5, Array("7".utf8)) }),
      ("ahead of the reader", { try overwrite($0, at: size - 4, Array("7".utf8)) }),
      ("rewritten", { try overwrite($0, at: 0, Array(plain.reversed())) }),
      ("emptied", { truncate($0, 0) }),
      ("shortened, ahead of the reader", { truncate($0, size - 18) }),
      (
        "emptied and filled again",
        {
          truncate($0, 0)
          try append($0, Array(String(repeating: "{}\n", count: size).utf8))
        }
      ),
      (
        "overwritten and added to",
        {
          try overwrite($0, at: 5, Array("7".utf8))
          try append($0, Array("{}\n".utf8))
        }
      ),
    ]
    for (name, alter) in alterations {
      let error = try failure(plain, digests: digests, alter: alter)
      #expect(error?.kind == .changed, "\(name)")
    }
    // Whatever the text, it is the stored bytes that count.
    let noise = (0..<120_000).map { "{\"n\":\($0 &* 0x9E37_79B9_7F4A &>> 7)}\n" }.joined()
    let compressed = try gzip(Array(noise.utf8))
    try #require(compressed.count > 600_000)
    let error = try failure(compressed, digests: digests) { try overwrite($0, at: 4, [1]) }
    #expect(error?.kind == .changed)
  }

  @Test(arguments: [true, false]) func whatIsAddedToOrRenamedIsNone(digests: Bool) throws {
    let plain = Array(Self.lines.utf8)
    let other = scratch("other")
    let harmless: [(String, (String) throws -> Void)] = [
      ("added to", { try append($0, Array("{}\n{\"x".utf8)) }),
      ("rotated", { try FileManager.default.moveItem(atPath: $0, toPath: other) }),
      ("other permissions", { #expect(chmod($0, 0o600) == 0) }),
      ("nothing", { _ in }),
    ]
    for (name, alter) in harmless {
      #expect(try failure(plain, digests: digests, alter: alter) == nil, "\(name)")
    }
  }

  /// A file system's clock ticks every few milliseconds: a file may be written twice in one tick.
  @Test func whatHasJustBeenWrittenIsLookedAtAgain() throws {
    let plain = Array(Self.lines.utf8)
    let path = try scratch.write("in", plain)
    let source = try InputSource(
      disk: Disk(), inputs: [path], settings: InputSettings(), digestsInputs: true, tailWaits: true)
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    #expect(try source.fill(batch))
    let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
    try overwrite(path, at: 5, Array("7".utf8))
    try FileManager.default.setAttributes([.modificationDate: date as Any], ofItemAtPath: path)
    let error = #expect(throws: IntakeError.self) { while try source.fill(batch) { batch.clear() } }
    #expect(error?.kind == .changed)
  }

  /// What an archive has published has to be what it says: by name, and in a folder.
  @Test(arguments: [true, false]) func aPublishedFileHasItsDigest(_ isFolder: Bool) throws {
    let path = try scratch.write("archive/part", "{\"a\":1}\n")
    let bytes = try scratch.bytes("archive/part")
    let digest = bytes.withUnsafeBufferPointer { SHA256.digest($0) }
    func read() throws {
      let source = try InputSource(
        disk: Disk(), inputs: [isFolder ? scratch("archive") : path],
        published: { _ in [PublishedFile(path: path, sha256: digest)] }, settings: InputSettings(),
        digestsInputs: false, tailWaits: false)
      let batch = Batch(pointers: PointerSet([]), slotCount: 0)
      while try source.fill(batch) { batch.clear() }
    }
    try read()
    try scratch.write("archive/part", "{\"a\":2}\n")
    let error = #expect(throws: IntakeError.self) { try read() }
    #expect(error?.kind == .changed && error?.description.contains(path) == true)
  }

  /// What takes no room can be so long that it takes days to read.
  @Test func aPublishedFileHasNoHoles() throws {
    let path = try scratch.write("archive/part", "{\"a\":1}\n")
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 1 << 40)
    try handle.close()
    let digest = [UInt8](repeating: 0, count: 1).withUnsafeBufferPointer { SHA256.digest($0) }
    let source = try InputSource(
      disk: Disk(), inputs: [path],
      published: { _ in [PublishedFile(path: path, sha256: digest)] }, settings: InputSettings(),
      digestsInputs: false, tailWaits: false)
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    let error = #expect(throws: IntakeError.self) { _ = try source.fill(batch) }
    #expect(error?.kind == .changed)
  }

  /// A commit that was made meanwhile has taken it from its place.
  @Test func aPublishedFileMayHaveMoved() throws {
    let path = try scratch.write("archive/part", "{\"a\":1}\n")
    let bytes = try scratch.bytes("archive/part")
    let digest = bytes.withUnsafeBufferPointer { SHA256.digest($0) }
    let file = PublishedFile(
      path: path, sha256: digest, otherPlaces: [scratch("nowhere"), scratch("former")])
    let source = try InputSource(
      disk: Disk(), inputs: [scratch("archive")], published: { _ in [file] },
      settings: InputSettings(), digestsInputs: false, tailWaits: false)
    try FileManager.default.moveItem(atPath: path, toPath: scratch("former"))
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    #expect(try source.fill(batch) && batch.records.count == 1)
    batch.clear()
    #expect(try !source.fill(batch))
    #expect(source.facts.map(\.name) == [path])
  }

  @Test func aFileThatWentAwayMeanwhileCostsNoOther() throws {
    for name in ["d/a", "d/b", "d/c"] { try scratch.write(name, "{\"in\":\"\(name)\"}\n") }
    let list = try InputList([scratch("d")], Disk())
    try FileManager.default.removeItem(atPath: scratch("d/b"))
    let source = InputSource(
      disk: Disk(), inputs: list, settings: InputSettings(), digestsInputs: true, tailWaits: true)
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    var inputs: [Int] = []
    while try source.fill(batch) {
      inputs.append(batch.input)
      batch.clear()
    }
    #expect(inputs == [0, 2] && source.skipped == 1)
    #expect(source.leftOut == [LeftOut(scratch("d/b"), .vanished)])
    // One that was named is missed.
    let named = try InputList([scratch("d/a")], Disk())
    try FileManager.default.removeItem(atPath: scratch("d/a"))
    let other = InputSource(
      disk: Disk(), inputs: named, settings: InputSettings(), digestsInputs: true, tailWaits: true)
    #expect(throws: DiskError.self) { try other.fill(batch) }
  }
}
