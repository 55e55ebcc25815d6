import Bytes
import Codec
import Foundation
import TestSupport
import Testing

@Suite struct InflaterTests {
  static let hello = Array("hello world\n".utf8)

  @Test(arguments: [1, 2, 3, 7, 1000]) func piecesAndLimitsDoNotMatter(_ chunk: Int) throws {
    let first = sampleText(5000, seed: 3)
    let stream = try compressed(first) + compressed([]) + compressed(Self.hello)
    let whole = try read(stream)
    #expect(whole.error == nil)
    #expect(whole.text == first + Self.hello)
    #expect(whole.memberEnds.count == 3)
    for limit in [1, 13, 4096] {
      #expect(try read(stream, chunk: chunk, limit: limit) == whole)
    }
  }

  @Test func aLimitOfZeroDeliversNothing() throws {
    let stream = try compressed(Self.hello)
    var inflater = try Inflater()
    var output = ByteBuffer()
    let state = try stream.withUnsafeBufferPointer {
      try inflater.inflate($0, into: &output, limit: 0).state
    }
    #expect(state == .outputFull)
    #expect(output.count == 0)
  }

  @Test func aBombIsBoundByTheLimit() throws {
    let bomb = try compressed([UInt8](repeating: 0, count: 50_000_000))
    var inflater = try Inflater()
    var output = ByteBuffer()
    let state = try bomb.withUnsafeBufferPointer {
      try inflater.inflate($0, into: &output, limit: 1000).state
    }
    #expect(state == .outputFull)
    #expect(output.count == 1000)
    #expect(output.capacity < 1 << 20)
  }

  @Test func everyTruncationIsTold() throws {
    let good = try compressed(Self.hello)
    let text = sampleText(2000, seed: 9)
    let member = try compressed(text)
    for length in 1..<member.count {
      let reading = try read(good + member.prefix(length), chunk: 50)
      let error = try #require(reading.error)
      #expect(error.kind == .truncated)
      #expect(error.damage?.memberOffset == good.count)
      #expect(error.damage?.offset == good.count + length)
      #expect(error.damage?.verified == Self.hello.count)
      #expect(error.damage?.delivered == reading.text.count)
      #expect((Self.hello + text).starts(with: reading.text))
    }
  }

  @Test func bytesBeforeTheTruncationAreDelivered() throws {
    let text = sampleText(100_000, seed: 2)
    let member = try compressed(text)
    let reading = try read(Array(member.dropLast(8)))
    #expect(reading.error?.kind == .truncated)
    #expect(reading.text == text)
  }

  @Test func everyFlippedBitIsFoundOrHarmless() throws {
    let text = sampleText(600, seed: 5)
    let member = try compressed(text)
    var harmless = 0
    for bit in 0..<(member.count * 8) {
      var damaged = member
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      let reading = try read(damaged)
      // Time, system and the bits that fill the last byte mean nothing to the text.
      if reading.error == nil {
        harmless += 1
        #expect(reading.text == text)
      }
    }
    #expect(harmless < 80)
  }

  @Test func damageInTheDeflateDataIsCorrupt() throws {
    // A block of the type that does not exist.
    let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
    let reading = try read(header + [0x07, 0, 0])
    #expect(reading.error?.kind == .corrupt)
    #expect(reading.error?.message == "gzip stream is corrupt: invalid block type")
  }

  @Test func wrongChecksumAndWrongLengthDiffer() throws {
    var checksum = try compressed(Self.hello)
    checksum[checksum.count - 5] ^= 1
    var length = try compressed(Self.hello)
    length[length.count - 1] ^= 1
    let first = try read(checksum)
    let second = try read(length)
    #expect(first.error?.kind == .checksum)
    #expect(second.error?.kind == .checksum)
    #expect(first.error?.message == "gzip member has a wrong checksum")
    #expect(second.error?.message == "gzip member has a wrong length")
    #expect(first.text == Self.hello)
    #expect(first.error?.damage?.verified == 0)
  }

  @Test(arguments: [1, 1000]) func zeroPaddingIsSkipped(_ chunk: Int) throws {
    let member = try compressed(Self.hello)
    let padding = [UInt8](repeating: 0, count: 600)
    #expect(try read(member + padding, chunk: chunk).error == nil)
    let resumed = try read(member + padding + member, chunk: chunk)
    #expect(resumed.error == nil)
    #expect(resumed.text == Self.hello + Self.hello)
  }

  @Test(arguments: ["garbage", "\u{1f}garbage", "\0\0garbage", "\n"], [1, 1000])
  func garbageAfterAMemberIsAnError(_ garbage: String, _ chunk: Int) throws {
    let member = try compressed(Self.hello)
    let reading = try read(member + Array(garbage.utf8), chunk: chunk)
    let zeros = garbage.utf8.prefix { $0 == 0 }.count
    #expect(reading.text == Self.hello)
    #expect(reading.error?.kind == .garbage)
    #expect(reading.error?.message == "garbage after gzip member")
    #expect(reading.error?.damage?.offset == member.count + zeros)
    #expect(reading.error?.damage?.verified == Self.hello.count)
  }

  @Test func whatIsNotGzipIsCorrupt() throws {
    #expect(try read(Array("{}\n".utf8)).error?.kind == .corrupt)
    #expect(try read([]).error?.kind == .truncated)
  }

  @Test func anErrorStays() throws {
    var inflater = try Inflater()
    var output = ByteBuffer()
    let member = try compressed(Self.hello)
    #expect(throws: CodecError.self) {
      try withBytes("nonsense") { _ = try inflater.inflate($0, into: &output, limit: 10) }
    }
    #expect(throws: CodecError.self) {
      try member.withUnsafeBufferPointer { _ = try inflater.inflate($0, into: &output, limit: 10) }
    }
    #expect(throws: CodecError.self) { try inflater.finish() }
    inflater.reset()
    _ = try member.withUnsafeBufferPointer { try inflater.inflate($0, into: &output, limit: 100) }
    #expect(output.bytes == Self.hello)
  }

  @Test func foreignFilesComeOutAsTheirManifestSays() throws {
    struct Entry: Decodable {
      var file: String
      var expected_error: String?
      var expected_len: Int
    }
    let root = Repository.file("../shared/corpus/gzip")
    guard let manifest = try? Data(contentsOf: root.appending(path: "manifest.json")) else {
      print("skipped: no corpus beside the package")
      return
    }
    let kinds: [String: CodecError.Kind] = [
      "ErrHeader": .garbage, "ErrChecksum": .checksum, "io.ErrUnexpectedEOF": .truncated,
    ]
    for entry in try JSONDecoder().decode([Entry].self, from: manifest) {
      let stream = [UInt8](try Data(contentsOf: root.appending(path: entry.file)))
      for chunk in [1, 1000] {
        let reading = try read(stream, chunk: chunk)
        #expect(reading.error?.kind == entry.expected_error.flatMap { kinds[$0] }, "\(entry.file)")
        #expect(reading.text.count == entry.expected_len, "\(entry.file)")
      }
    }
  }
}
