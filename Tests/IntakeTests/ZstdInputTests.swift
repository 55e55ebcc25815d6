import Bytes
import Codec
import Disk
import Engine
import Foundation
import Intake
import JSONText
import TestSupport
import Testing

/// One zstd frame.
func zstd(_ content: [UInt8]) throws -> [UInt8] {
  var output = ByteBuffer()
  let compressor = try Compressor(Compression(format: .zstd))
  try content.withUnsafeBufferPointer { try compressor.compress($0, into: &output) }
  return output.bytes
}

func zstd(_ content: String) throws -> [UInt8] { try zstd(Array(content.utf8)) }

/// A frame without text, which readers skip.
private let skipped: [UInt8] = [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]

@Suite(.enabled(if: (try? Compression(format: .zstd).check()) != nil))
struct ZstdInputTests {
  @Test func everyFrameIsRead() throws {
    let scratch = try TemporaryFolder()
    var stored: [UInt8] = []
    for number in 0..<50 {
      if number % 7 == 0 { stored += skipped }
      stored += try zstd("{\"a\":\(number)}" + (number % 3 == 0 ? "\n" : ""))
    }
    let path = try scratch.write("in", stored)
    for size in sizes {
      let outcome = try read([path], disk: shortReads(size))
      #expect(outcome.events == (0..<50).map { "{\"a\":\($0)}" })
    }
  }

  /// Longer than what is read and what is decoded at a time.
  @Test func aLongFrameIsReadAsItsText() throws {
    let scratch = try TemporaryFolder()
    var random = SeededGenerator(seed: 1)
    let events = (0..<40_000).map { number in
      "{\"n\":\(number),\"id\":\"\(random.next())\(random.next())\"}"
    }
    let text = events.map { $0 + "\n" }.joined()
    let outcome = try read([scratch.write("in", zstd(text))])
    let isSame = outcome.events == events
    #expect(isSame)
    #expect(outcome.facts.first?.textBytes == text.utf8.count)
  }

  @Test func factsAreOfTheBytesAsStored() throws {
    let scratch = try TemporaryFolder()
    let stored = try zstd("{\"a\":1}\n") + skipped + zstd("{\"a\":2}\n{\"a\"")
    let source = try InputSource(
      disk: Disk(), inputs: [scratch.write("in", stored)], settings: InputSettings(),
      digestsInputs: true, tailWaits: true)
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    while try source.fill(batch) { batch.clear() }
    let facts = try #require(source.facts.first)
    #expect(facts.bytes == stored.count && facts.textBytes == 16 && facts.pendingBytes == 4)
    #expect(facts.isCompressed && facts.compression == .zstd)
    #expect(facts.digest?.hex == sha256(stored))
    #expect(facts.textDigest?.hex == sha256(Array("{\"a\":1}\n{\"a\":2}\n".utf8)))
  }

  @Test func whatIsDamagedIsToldWithItsPlace() throws {
    let scratch = try TemporaryFolder()
    let good = try zstd("{\"a\":1}\n{\"a\":2}\n")
    let next = try zstd("{\"a\":3}\n")
    var altered = good + next
    altered[altered.count - 1] ^= 1
    let large: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x90, 1, 0, 0]
    let damages: [(name: String, stored: [UInt8], reason: String, offset: Int)] = [
      (
        "cut", Array((good + next).dropLast()), "zstd stream is truncated",
        good.count + next.count - 1
      ),
      ("altered", altered, "a zstd frame has a wrong checksum", altered.count - 4),
      ("garbage", good + Array("{}\n".utf8), "garbage after zstd frame", good.count),
      (
        "large", good + large,
        "a zstd frame refers back to more than 128 MiB (limit of its window)", good.count
      ),
    ]
    for (name, stored, reason, offset) in damages {
      let path = try scratch.write(name, stored)
      for size in sizes {
        let disk = shortReads(size)
        let error = #expect(throws: IntakeError.self) { try read([path], disk: disk) }
        #expect(
          error?.kind == .damaged
            && error?.description.hasPrefix("\(reason): \(path), compressed byte \(offset): ")
              == true,
          "\(error?.description ?? "")")
        let outcome = try read(
          [path], settings { $0.damaged = .salvage }, disk: disk, tailWaits: true)
        #expect(outcome.events.prefix(2) == ["{\"a\":1}", "{\"a\":2}"])
        let damage = outcome.facts.first?.damage
        #expect(damage?.reason == reason && damage?.compressedOffset == offset)
        #expect(outcome.facts.first?.bytes == stored.count)
      }
    }
  }

  @Test func aShortLineIsNotTakenForTheBeginningOfAFrame() throws {
    let scratch = try TemporaryFolder()
    for text in ["", "{}", "(", "P", "P*M", "\u{1f}"] {
      let outcome = try read([scratch.write("in", text)])
      #expect(outcome.facts.first?.compression == CompressionFormat.none)
      #expect(outcome.facts.first?.textBytes == text.utf8.count)
    }
  }

  /// A line that is there is read, though four bytes tell zstd: nothing waits for the fourth.
  @Test func aPipeYieldsALineOfThreeBytes() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let descriptor = open(path, O_RDWR)
    defer { close(descriptor) }
    let source = try InputSource(
      disk: Disk(), inputs: [path], settings: InputSettings(), digestsInputs: false,
      tailWaits: false)
    #expect(write(descriptor, "{}\n", 3) == 3)
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    #expect(try source.fill(batch))
    #expect(batch.records.count == 1)
    batch.clear()
    source.cancel()
    #expect(try !source.fill(batch))
  }

  @Test func tablesMayBeCompressed() throws {
    let scratch = try TemporaryFolder()
    let table = "id,name\n1,one\n2,two\n"
    var rows: [[String]] = []
    for stored in [
      Array(table.utf8), try zstd(table), try skipped + zstd("id,name\n1,on") + zstd("e\n2,two\n"),
    ] {
      var found: [String] = []
      let facts = try TableReader(disk: Disk(), path: scratch.write("table", stored)).forEachRow {
        found.append(String(decoding: $0, as: UTF8.self) + " \($1)")
      }
      #expect(facts.rows == 2 && facts.bytes == stored.count && facts.digest?.hex == sha256(stored))
      rows.append(found)
    }
    #expect(rows[1] == rows[0] && rows[2] == rows[0])
    #expect(throws: IntakeError.self) {
      try TableReader(disk: Disk(), path: scratch.write("cut", zstd(table).dropLast())).forEachRow {
        _, _ in
      }
    }
  }
}
