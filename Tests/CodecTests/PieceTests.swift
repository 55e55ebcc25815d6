import Bytes
import Codec
import Foundation
import TestSupport
import Testing

/// `text` as one member, cut into pieces of the given sizes and a last one with the rest.
private func inPieces(
  _ text: [UInt8], cutAt cuts: [Int], _ compression: Compression
) throws -> [UInt8] {
  let compressor = try Compressor(compression)
  var output = ByteBuffer()
  var trailer = MemberTrailer(compression.format)
  try text.withUnsafeBufferPointer { text in
    let bounds = [0] + cuts + [text.count]
    for index in 1..<bounds.count {
      let start = bounds[index - 1]
      let piece = try compressor.compress(
        piece: ByteView(rebasing: text[start..<bounds[index]]),
        after: ByteView(rebasing: text[max(0, start - PieceRule.deflate.dictionarySize)..<start]),
        isFirst: index == 1, isLast: index == bounds.count - 1, into: &output)
      trailer.append(piece)
    }
  }
  trailer.append(to: &output)
  return output.bytes
}

/// Where pieces of the size that archives have end, but for the last.
private func cuts(_ count: Int) -> [Int] {
  Array(stride(from: PieceRule.deflate.size, to: count, by: PieceRule.deflate.size))
}

// Long texts are compared outside of #expect, which would look for the shortest difference.
private func expect(
  _ member: [UInt8], standsFor text: [UInt8], at place: SourceLocation = #_sourceLocation
) {
  do {
    let isEqual = try read(member) == Reading(text: text, memberEnds: [member.count])
    #expect(isEqual, sourceLocation: place)
  } catch {
    Issue.record(error, sourceLocation: place)
  }
}

@Suite struct PieceTests {
  private static let size = PieceRule.deflate.size

  @Test(arguments: 0...9) func everyLevelComesBack(_ level: Int) throws {
    for count in [1, Self.size, Self.size + 1, 3 * Self.size, 1_100_000] {
      let text = sampleText(count, seed: UInt64(count))
      expect(try inPieces(text, cutAt: cuts(count), Compression(level: level)), standsFor: text)
    }
  }

  @Test func anyCutComesBack() throws {
    var random = SeededGenerator(seed: 1)
    let text = sampleText(400_000, seed: 7)
    for _ in 0..<20 {
      let places = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        Int.random(in: 0...text.count, using: &random)
      }.sorted()
      expect(try inPieces(text, cutAt: places, Compression()), standsFor: text)
      let isItself = try inPieces(text, cutAt: places, Compression(format: .none)) == text
      #expect(isItself)
    }
  }

  /// The two formats frame the same deflate.
  @Test(arguments: [0, 1, 6, 9]) func zlibDiffersByItsFrame(_ level: Int) throws {
    let text = sampleText(400_000, seed: 8)
    let gzip = try inPieces(text, cutAt: cuts(text.count), Compression(level: level))
    let zlib = try inPieces(
      text, cutAt: cuts(text.count), Compression(format: .zlib, level: level))
    let isEqual = gzip.dropFirst(10).dropLast(8) == zlib.dropFirst(2).dropLast(4)
    #expect(isEqual)
    var (low, high) = (UInt32(1), UInt32(0))
    for byte in text {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    let checksum = withUnsafeBytes(of: (high << 16 | low).bigEndian) { Array($0) }
    #expect(Array(zlib.suffix(4)) == checksum)
  }

  @Test func incompressibleTextComesBack() throws {
    var random = SeededGenerator(seed: 1)
    let text = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    for level in [0, 1, 6] {
      let member = try inPieces(text, cutAt: cuts(text.count), Compression(level: level))
      expect(member, standsFor: text)
    }
  }

  /// The standard tool reads the whole of it and finds the checksum right.
  @Test func gunzipAgrees() throws {
    let text = sampleText(500_000, seed: 3)
    let member = try inPieces(text, cutAt: cuts(text.count), Compression())
    let folder = try TemporaryFolder()
    let path = try folder.write("piece.gz", member)
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", path]
    process.standardOutput = pipe
    try process.run()
    let found = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let isText = [UInt8](found) == text
    #expect(isText)
  }

  @Test(arguments: [CompressionFormat.gzip, .zlib], [0, 1, 2, 5, 6, 9])
  func aMemberOfOnePieceIsTheWholeMember(_ format: CompressionFormat, _ level: Int) throws {
    let compression = Compression(format: format, level: level)
    for count in [0, 1, Self.size] {
      let text = sampleText(count, seed: 5)
      let isEqual = try inPieces(text, cutAt: [], compression) == compressed(text, compression)
      #expect(isEqual)
    }
  }

  @Test func aZlibStreamSaysItsLevel() throws {
    let headers = try [0, 1, 2, 5, 6, 7, 9].map {
      Array(try compressed([1], Compression(format: .zlib, level: $0)).prefix(2))
    }
    #expect(
      headers == [
        [0x78, 0x01], [0x78, 0x01], [0x78, 0x5e], [0x78, 0x5e], [0x78, 0x9c], [0x78, 0xda],
        [0x78, 0xda],
      ])
  }

  @Test func aGzipHeaderSaysItsLevel() throws {
    let flags = try [0, 1, 2, 6, 9].map { try compressed([1], Compression(level: $0))[8] }
    #expect(flags == [4, 4, 0, 0, 2])
    #expect(try compressed([1])[9] == 3)
  }

  @Test func aDictionaryKeepsPiecesSmall() throws {
    let text = sampleText(1 << 20, seed: 9)
    let whole = try compressed(text).count
    let pieces = try inPieces(text, cutAt: cuts(text.count), Compression()).count
    #expect(pieces < whole + whole / 100)
  }

  @Test func piecesDoNotDependOnWhatCameBefore() throws {
    let text = sampleText(300_000, seed: 11)
    let compressor = try Compressor(Compression())
    var outputs: [[UInt8]] = []
    for seed in [1, 2] as [UInt64] {
      var output = ByteBuffer()
      try sampleText(50_000, seed: seed).withUnsafeBufferPointer {
        try compressor.compress($0, into: &output)
      }
      output.removeAll()
      try text.withUnsafeBufferPointer { text in
        _ = try compressor.compress(
          piece: ByteView(rebasing: text[Self.size..<2 * Self.size]),
          after: ByteView(rebasing: text[..<Self.size]), isFirst: false, isLast: false,
          into: &output)
      }
      outputs.append(output.bytes)
    }
    let areEqual = outputs[0] == outputs[1]
    #expect(areEqual)
  }
}
