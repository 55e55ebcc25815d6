import Bytes
import Codec
import Foundation
import TestSupport
import Testing

@Suite struct CompressorTests {
  static let libraries: [DeflateLibrary] =
    libdeflateIsInstalled ? DeflateLibrary.allCases : [.zlib]

  @Test(arguments: libraries, [0, 1, 6, 9])
  func everyLevelComesBack(_ library: DeflateLibrary, _ level: Int) throws {
    for count in [0, 1, 1000, 300_000] {
      let text = sampleText(count, seed: 1)
      let member = try compressed(text, Compression(level: level, library: library))
      let reading = try read(member)
      #expect(reading.error == nil)
      #expect(reading.text == text)
      #expect(reading.memberEnds == [member.count])
    }
  }

  @Test(arguments: libraries) func headerHasNeitherTimeNorName(_ library: DeflateLibrary) throws {
    let member = try compressed([1, 2, 3], Compression(library: library))
    #expect(Array(member.prefix(8)) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
  }

  @Test(arguments: libraries) func zlibFormatIsRFC1950(_ library: DeflateLibrary) throws {
    let stream = try compressed([97, 98, 99], Compression(format: .zlib, library: library))
    #expect(stream[0] == 0x78)
    #expect((Int(stream[0]) << 8 + Int(stream[1])) % 31 == 0)
    // Adler-32 of "abc".
    #expect(Array(stream.suffix(4)) == [0x02, 0x4d, 0x01, 0x27])
  }

  @Test func noneIsTheTextItself() throws {
    let none = Compression(format: .none, library: .libdeflate)
    #expect(try compressed([7, 8], none) == [7, 8])
  }

  @Test(arguments: libraries) func membersDoNotDependOnEachOther(_ library: DeflateLibrary) throws {
    let compressor = try Compressor(Compression(library: library))
    var output = ByteBuffer()
    var expected: [UInt8] = []
    var text: [UInt8] = []
    for seed in 0..<5 {
      let part = sampleText(seed * 10_000, seed: UInt64(seed))
      try part.withUnsafeBufferPointer { try compressor.compress($0, into: &output) }
      expected += try compressed(part, Compression(library: library))
      text += part
    }
    #expect(output.bytes == expected)
    #expect(try read(output.bytes).text == text)
  }

  @Test func incompressibleTextFits() throws {
    var generator = SeededGenerator(seed: 1)
    let text = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    for library in Self.libraries {
      #expect(try read(compressed(text, Compression(library: library))).text == text)
    }
  }

  @Test(arguments: [
    (CompressionFormat.gzip, -1, "0 to 9"), (.gzip, 10, "0 to 9"), (.zstd, 0, "1 to 19"),
    (.zstd, 20, "1 to 19"),
  ])
  func levelOutOfRangeIsRefused(_ format: CompressionFormat, _ level: Int, _ range: String) {
    #expect {
      try Compression(format: format, level: level).check()
    } throws: {
      ($0 as? CodecError)?.description
        == "compression level out of range: \(level): use \(range)"
    }
  }
}
