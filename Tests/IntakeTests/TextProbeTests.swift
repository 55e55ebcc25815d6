import Bytes
import Disk
import Engine
import Intake
import JSONText
import TestSupport
import Testing

/// A text is known by its digests, however it is stored and read.
@Suite struct TextProbeTests {
  let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  private static let text = (0..<40_000).map { "{\"n\":\($0)}\n" }.joined()

  @Test func digestsAreOfTheText() throws {
    let text = Array(Self.text.utf8)
    let lengths: [Int64] = [0, 1, 4096, 4097, 262_144, Int64(text.count)]
    for (name, stored) in [("plain", text), ("gzip", try gzip(text))] {
      let path = try scratch.write(name, stored)
      for size in sizes.dropFirst() {
        let probe = try TextProbe(shortReads(size), path)
        #expect(probe.first == Array(text.prefix(4096)) && probe.isCompressed == (name == "gzip"))
        for length in lengths {
          #expect(
            try probe.digest(ofFirst: length)?.hex == sha256(Array(text.prefix(Int(length)))))
          #expect(try probe.length() == (length == lengths.last ? length : nil))
        }
        #expect(try probe.digest(ofFirst: Int64(text.count) + 1) == nil)
        let whole = try #require(try TextProbe(shortReads(size), path).whole())
        #expect(whole.length == Int64(text.count) && whole.digest.hex == sha256(text))
      }
    }
  }

  @Test func ofWhatIsDamagedNobodyKnowsTheWhole() throws {
    let path = try scratch.write("in", gzip(Array(Self.text.utf8)).dropLast(9))
    #expect(try TextProbe(Disk(), path).whole() == nil)
    let empty = try TextProbe(Disk(), scratch.write("empty", ""))
    #expect(try empty.first.isEmpty && empty.whole()?.length == 0)
  }

  /// What is known of an input that was read.
  private func facts(_ path: String, _ disk: Disk = Disk()) throws -> InputFacts? {
    let source = try InputSource(
      disk: disk, inputs: [path], settings: InputSettings(), digestsInputs: true, tailWaits: true)
    let batch = Batch(pointers: PointerSet([]), slotCount: 0)
    while try source.fill(batch) { batch.clear() }
    return source.facts.first
  }

  /// Some places of every text of 64 KiB or more, and no more the longer it is.
  @Test func prefixesAreThoseOfTheTextHoweverItIsRead() throws {
    for count in [1, 4_000, 9_000, 140_000] {
      let text = Array((0..<count).map { "{\"n\":\(1_000_000 + $0)}\n" }.joined().utf8)
      let path = try scratch.write("in", text)
      let facts = try #require(try facts(path))
      let places = facts.prefixes.places
      #expect(places.isEmpty == (text.count < 65_536) && places.count <= 64)
      // No more than a thirtieth of the text lies behind the last place.
      let behind = text.count - (places.last?.length ?? text.count)
      #expect(behind < max(4_096, text.count / 30))
      #expect(places.isEmpty || places[0].length == 65_536)
      for (length, digest) in places {
        #expect(UInt32(sha256(Array(text.prefix(length))).prefix(8), radix: 16) == digest)
      }
      #expect(try self.facts(path, shortReads(1_001))?.prefixes == facts.prefixes)
      let compressed = try self.facts(scratch.write("gz", gzip(text)))
      #expect(compressed?.prefixes == facts.prefixes && compressed?.textDigest == facts.digest)
    }
  }
}
