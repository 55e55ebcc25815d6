import Bytes
import Disk
import Engine
import Foundation
import Intake
import JSONText
import TestSupport
import Testing
import Trail

@Suite struct InputSourceTests {
  @Test func foldersPatternsAndFiles() throws {
    let scratch = try TemporaryFolder()
    for name in ["b/2.json", "b/1.json", "b/_hidden/x", "b/.dot", "a.json", "c.json"] {
      try scratch.write(name, "{\"n\":\"\(name)\"}\n")
    }
    let outcome = try read([
      scratch.path + "/b", scratch.path + "/*.json", scratch.path + "/a.json",
      scratch.path + "/none*",
    ])
    #expect(
      outcome.events.map { $0.dropFirst(6).dropLast(2) } == [
        "b/1.json", "b/2.json", "a.json", "c.json",
      ])
    #expect(outcome.skipped == 2)
    #expect(
      outcome.facts.map(\.name) == [
        scratch.path + "/b/1.json", scratch.path + "/b/2.json", scratch.path + "/a.json",
        scratch.path + "/c.json",
      ])
  }

  @Test func missingInputIsToldBeforeAnythingIsRead() throws {
    let error = #expect(throws: IntakeError.self) { try read(["/nonexistent/file"]) }
    #expect(error?.kind == .missing)
    #expect(
      error?.description
        == "input does not exist: /nonexistent/file: check the path, or quote a pattern")
  }

  @Test func factsAreOfTheBytesAsStored() throws {
    let scratch = try TemporaryFolder()
    let stored = try gzip("{\"a\":1}\n") + gzip("{\"a\":2}\n{\"a\"")
    let path = try scratch.write("in", stored)
    let plain = try scratch.write("plain", "{}")
    let source = try InputSource(
      disk: Disk(), inputs: [path, plain], settings: InputSettings(), digestsInputs: true,
      tailWaits: true)
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    #expect(source.totalSize == stored.count + 2)
    while try source.fill(batch) { batch.clear() }
    #expect(source.bytesRead == stored.count + 2)
    #expect(source.facts.map(\.bytes) == [stored.count, 2])
    #expect(source.facts.map(\.textBytes) == [16, 2])
    #expect(source.facts.map(\.isCompressed) == [true, false])
    #expect(source.facts.map(\.pendingBytes) == [4, 0])
    #expect(source.facts.map { $0.digest?.hex } == [sha256(stored), sha256(Array("{}".utf8))])
  }

  @Test func everyMemberIsRead() throws {
    let scratch = try TemporaryFolder()
    let stored = try (0..<50).flatMap { try gzip("{\"a\":\($0)}" + ($0 % 3 == 0 ? "\n" : "")) }
    let path = try scratch.write("in", stored)
    for size in sizes {
      let outcome = try read([path], disk: shortReads(size))
      #expect(outcome.events == (0..<50).map { "{\"a\":\($0)}" })
    }
  }

  @Test func truncatedGzipFails() throws {
    let scratch = try TemporaryFolder()
    let path = try scratch.write("in", gzip("{\"a\":1}\n{\"a\":2}\n").dropLast(9))
    for size in sizes {
      let error = #expect(throws: IntakeError.self) { try read([path], disk: shortReads(size)) }
      #expect(error?.kind == .damaged)
      #expect(error?.description.contains(path + ", compressed byte ") == true)
    }
  }

  @Test func damageIsSalvaged() throws {
    let scratch = try TemporaryFolder()
    let good = try gzip("{\"a\":1}\n{\"a\":2}\n{\"a\":")
    let path = try scratch.write("in", good + (try gzip("3}\n").dropLast(8)))
    let salvage = settings { $0.damaged = .salvage }
    for size in sizes {
      let outcome = try read([path], salvage, disk: shortReads(size), tailWaits: true)
      #expect(outcome.events.prefix(2) == ["{\"a\":1}", "{\"a\":2}"])
      #expect(outcome.facts.first?.damage?.reason == "gzip stream is truncated")
      #expect(outcome.facts.first?.digest != nil)
    }
    let garbage = try scratch.write("garbage", good + [1, 2, 3])
    let outcome = try read([garbage], salvage, tailWaits: true)
    #expect(
      outcome.events == [
        "{\"a\":1}", "{\"a\":2}", "!the text ends inside a value at byte 5",
      ])
    #expect(outcome.facts.first?.damage?.offset == 21)
    #expect(outcome.facts.first?.damage?.compressedOffset == good.count)
    #expect(outcome.facts.first?.bytes == good.count + 3)
  }

  @Test func pipeYieldsWhatItHas() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let descriptor = open(path, O_RDWR)
    defer { close(descriptor) }
    let source = try InputSource(
      disk: Disk(), inputs: [path], settings: settings { $0.format = .concatenated },
      digestsInputs: false, tailWaits: false)
    #expect(source.totalSize == nil)
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    for content in ["{\"a\":1}", "{\"b\":2}{\"c\":"] {
      #expect(write(descriptor, content, content.utf8.count) == content.utf8.count)
      #expect(try source.fill(batch))
      #expect(batch.records.count == 1)
      batch.clear()
    }
    source.cancel()
    #expect(try !source.fill(batch))
  }

  @Test func incompleteEndOfAPipeCannotWait() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    let writer = open(path, O_WRONLY)
    let content = "{\"a\":1}\n{\"b\":"
    #expect(write(writer, content, content.utf8.count) == content.utf8.count)
    defer { close(reader) }
    let source = try InputSource(
      disk: Disk(), inputs: [path], settings: settings { $0.tail = .wait }, digestsInputs: false,
      tailWaits: true)
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    #expect(try source.fill(batch))
    batch.clear()
    close(writer)
    #expect(try source.fill(batch))
    #expect(text(batch.bytes.view) == "{\"b\":")
    batch.clear()
    #expect(try !source.fill(batch))
    #expect(source.facts.map(\.pendingBytes) == [0])
  }

  @Test func cloudTrailCorpus() throws {
    let corpus = Repository.file("../shared/corpus/cloudtrail/AWSLogs").path
    guard FileManager.default.fileExists(atPath: corpus) else { return }
    let outcome = try read([corpus], settings { $0.records = try JSONPointer("/Records/*") })
    #expect(outcome.items.count == 2_900)
    #expect(outcome.items.allSatisfy { $0.reason.isEmpty })
    #expect(outcome.facts.count == 55)
    #expect(outcome.facts.allSatisfy { $0.documentsWithoutRecords == 0 })
  }
}
